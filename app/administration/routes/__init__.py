"""Everything that an admin does, and one's own account"""

from fastapi import APIRouter

from app.administration.routes import account, clients, clinic, staff

routers: tuple[APIRouter, ...] = (account.router, staff.router, clients.router, clinic.router)
