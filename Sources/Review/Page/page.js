"use strict";
(() => {
    const root = document.documentElement;
    const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
    const unified = new WeakMap();

    // A row of the side-by-side view: number and text of each side.
    const splitRow = (old, now) => {
        const row = document.createElement("tr");
        for (const [line, column, kind] of [[old, 0, "r"], [now, 1, "a"]]) {
            const number = row.insertCell();
            const text = row.insertCell();
            if (!line) {
                number.className = "t-none";
                text.className = "t-none";
                continue;
            }
            if (line.cells[column].dataset.n) number.dataset.n = line.cells[column].dataset.n;
            number.className = line.className ? "n-" + kind : "";
            text.className = line.className ? "t t-" + kind : "t";
            text.append(...line.cells[2].cloneNode(true).childNodes);
        }
        return row;
    };

    // Lines that took each other's place stand beside each other, as do the others in their order.
    const pair = (removed, added, body) => {
        let [r, a] = [0, 0];
        while (r < removed.length || a < added.length) {
            const [old, now] = [removed[r], added[a]];
            const [p, q] = [old?.dataset.p, now?.dataset.p];
            if (old && now && p === q) { body.append(splitRow(old, now)); r++; a++; }
            else if (old && (p === undefined || !now || q !== undefined)) { body.append(splitRow(old, null)); r++; }
            else { body.append(splitRow(null, now)); a++; }
        }
    };

    const splitBody = (rows) => {
        const body = document.createElement("tbody");
        let [removed, added] = [[], []];
        const flush = () => { pair(removed, added, body); removed = []; added = []; };
        for (const row of rows) {
            if (row.className === "r") { if (added.length) flush(); removed.push(row); }
            else if (row.className === "a") added.push(row);
            else {
                flush();
                if (row.className === "h") {
                    const heading = body.insertRow();
                    heading.className = "h";
                    const cell = heading.insertCell();
                    cell.colSpan = 4;
                    cell.textContent = row.cells[2].textContent;
                } else body.append(splitRow(row, row));
            }
        }
        flush();
        return body;
    };

    const columns = (isSplit) => {
        const group = document.createElement("colgroup");
        for (const width of isSplit ? ["n", "", "n", ""] : ["n", "n", ""]) {
            group.append(Object.assign(document.createElement("col"), { className: width }));
        }
        return group;
    };

    const show = (view) => {
        const isSplit = view === "split";
        for (const table of all("table.diff")) {
            if (isSplit === table.classList.contains("split")) continue;
            if (!unified.has(table)) unified.set(table, table.tBodies[0]);
            const body = isSplit ? splitBody(unified.get(table).rows) : unified.get(table);
            table.querySelector("colgroup")?.remove();
            table.replaceChild(body, table.tBodies[0]);
            table.prepend(columns(isSplit));
            table.classList.toggle("split", isSplit);
        }
        for (const button of all("[data-view]")) button.setAttribute("aria-pressed", button.dataset.view === view);
        root.dataset.view = view;
    };

    // What a link points at is opened, and so is what it is in.
    const reveal = () => {
        if (location.hash === "#split") return show("split");
        const target = document.getElementById(location.hash.slice(1));
        for (let place = target; place; place = place.parentElement) if (place.tagName === "DETAILS") place.open = true;
        if (target) target.scrollIntoView();
    };

    const step = (selector, by) => {
        const places = all(selector);
        const tops = places.map((place) => place.getBoundingClientRect().top);
        const next = by > 0 ? tops.findIndex((top) => top > 20) : tops.findLastIndex((top) => top < -20 + 16);
        if (next < 0) return;
        places[next].scrollIntoView();
        (places[next].querySelector("summary") ?? places[next]).focus({ preventScroll: true });
    };

    const keys = {
        s: () => show(root.dataset.view === "split" ? "unified" : "split"),
        j: () => step(".file", 1), k: () => step(".file", -1), n: () => step(".commit", 1), p: () => step(".commit", -1),
    };
    addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
        keys[event.key]();
        event.preventDefault();
    });
    for (const button of all("[data-view]")) button.addEventListener("click", () => show(button.dataset.view));
    for (const views of all(".views")) views.hidden = false;

    // A page that was opened as a file may not have the clipboard; then what is selected is copied.
    const copy = async (code) => {
        try { await navigator.clipboard.writeText(code.textContent); return true; } catch { /* as below */ }
        getSelection().selectAllChildren(code);
        return document.execCommand("copy");
    };
    for (const button of all(".copy")) {
        button.hidden = false;
        button.addEventListener("click", async () => {
            const isDone = await copy(button.previousElementSibling);
            button.textContent = isDone ? "Copied" : "Selected";
            setTimeout(() => { button.textContent = "Copy"; }, 2000);
        });
    }
    for (const picture of all(".screens img")) {
        picture.addEventListener("click", () => picture.parentElement.classList.toggle("large"));
    }
    addEventListener("hashchange", reveal);

    // Paper shows everything.
    let closed = [];
    addEventListener("beforeprint", () => {
        closed = all("details:not([open])");
        for (const one of closed) one.open = true;
    });
    addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

    if (matchMedia("(max-width: 56rem)").matches) for (const one of all("nav details")) one.open = false;
    show("unified");
    reveal();
    root.dataset.ready = "yes";
})();
