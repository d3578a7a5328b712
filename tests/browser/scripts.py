"""What tests ask of a page by script."""

SMALL = """
    (least) => [...document.querySelectorAll("a:not(.skip), button, input, select, summary")]
        .filter((one) => one.checkVisibility() && one.type !== "hidden")
        .map((one) => one.matches("[type=checkbox], [type=radio]") ? one.closest("label") : one)
        .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
        .filter(([, box]) => box.height < least || box.width < least)
        .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)
"""

FOCUS = """
    () => {
        const one = document.activeElement;
        const shown = one.matches(".tap input") ? one.nextElementSibling : one;
        const style = getComputedStyle(shown);
        const box = shown.getBoundingClientRect();
        const name = one.labels?.[0]?.innerText || one.innerText || one.getAttribute("aria-label");
        return {
            id: one.id, name: name?.trim() ?? "",
            outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
            seen: box.top >= 0 && box.bottom <= innerHeight,
        };
    }
"""

KEPT = """
    async () => ({
        local: localStorage.length, session: sessionStorage.length,
        databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    })
"""

ACKNOWLEDGED = """
    () => {
        const ask = fetch, now = () => performance.timeOrigin + performance.now();
        window.acknowledged = [];
        window.fetch = async (...told) => {
            const answer = await ask(...told);
            if (told[1]?.method === "POST") acknowledged.push(now());
            return answer;
        };
    }
"""

SEEN = """
    () => {
        window.seen = {};
        const look = () => {
            for (const row of document.querySelectorAll("#readings tbody tr:not(.mend)")) {
                seen[row.cells[2].innerText.trim()] ??= performance.timeOrigin + performance.now();
            }
        };
        const table = document.getElementById("readings");
        new MutationObserver(look).observe(table, { childList: true });
    }
"""
