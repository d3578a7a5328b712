"""/static: what pages are made of beside their text"""

from fastapi import Response

from app.kit.errors import NotFound
from app.web.rendering import edition, files
from app.web.routing import pages

router = pages()

FOREVER = "public, max-age=31536000, immutable"
"""A file's address changes with its content."""


@router.get("/static/{named}/{name}")
async def read_file(named: str, name: str) -> Response:
    """A style sheet, a script or a picture of ours."""
    found = files().get(name)
    if found is None:
        raise NotFound
    kept = FOREVER if named == edition() else "no-cache"
    return Response(found[0], media_type=found[1], headers={"Cache-Control": kept})
