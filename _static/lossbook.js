// What the theme leaves out for readers without a mouse or without sight.
document.addEventListener("DOMContentLoaded", () => {
  const sidebar = document.querySelector(".bd-sidebar-primary");
  if (sidebar) {
    sidebar.setAttribute("role", "region");
    sidebar.setAttribute("aria-label", document.querySelector(".logo__title")?.textContent ?? "");
  }

  // The arrow beside a chapter opens its list of pages: it takes the chapter's name.
  for (const summary of document.querySelectorAll("details > summary")) {
    const link = summary.closest("li")?.querySelector(":scope > a");
    if (link && !summary.textContent.trim()) summary.setAttribute("aria-label", link.textContent.trim());
  }

  // What scrolls within itself can be reached with the keyboard, and only while it scrolls.
  const wide = document.querySelectorAll(
    ".math-scroll, .loss-card, .loss-overview, .pst-scrollable-table-container, div.cell_output pre, div.highlight pre",
  );
  const reach = () => {
    for (const box of wide) box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
  };
  reach();
  document.fonts.ready.then(reach);
  addEventListener("load", reach);
  addEventListener("resize", reach);

  // The menu of downloads opens with a click and closes with Escape, a choice or a click elsewhere.
  for (const button of document.querySelectorAll("[data-bs-toggle=dropdown]")) {
    const menu = button.nextElementSibling;
    const open = (whether) => {
      menu.classList.toggle("show", whether);
      button.setAttribute("aria-expanded", whether);
    };
    button.addEventListener("click", () => open(!menu.classList.contains("show")));
    document.addEventListener("click", (event) => {
      if (!button.contains(event.target)) open(false);
    });
    button.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      open(false);
      button.focus();
    });
  }

  // The button for the colors says which ones are shown now.
  const colors = document.querySelector(".theme-switch-button");
  if (colors) {
    const name = colors.getAttribute("aria-label");
    const say = () => {
      const mode = document.documentElement.dataset.mode;
      const now = colors.querySelector(`[data-mode=${mode}]`);
      const words = now ? `${name}: ${now.title || now.dataset.name}` : name;
      if (now?.title) now.dataset.name = now.title;
      now?.removeAttribute("title");
      colors.setAttribute("aria-label", words);
      colors.title = words;
    };
    say();
    new MutationObserver(say).observe(document.documentElement, { attributeFilter: ["data-mode"] });
  }

  // Another language, the same place: headings, formulas, figures and exercises have the same ids.
  const places = "section[id], .math-block[id], figure[id], .exercise[id], .solution[id], dt[id]";
  for (const link of document.querySelectorAll(".edition-switch a")) {
    link.addEventListener("click", () => {
      const passed = [...document.querySelectorAll(`article :is(${places})`)].filter(
        (place) => place.getClientRects().length && place.getBoundingClientRect().top < 100,
      );
      link.hash = scrollY > 0 && passed.length > 1 ? passed.at(-1).id : "";
    });
  }

  // Roles that the bibliography carries and that ARIA has since withdrawn.
  for (const entry of document.querySelectorAll(".citation, .citation-list, .citation [role]")) {
    entry.removeAttribute("role");
  }
});

// Paper is white, and nothing on it opens with a click. Without this script no page is dark.
addEventListener("beforeprint", () => {
  const page = document.documentElement;
  const { theme } = page.dataset;
  const closed = document.querySelectorAll("article details:not([open])");
  const open = (whether) => {
    for (const details of closed) details.open = whether;
  };
  page.dataset.theme = "light";
  open(true);
  addEventListener(
    "afterprint",
    () => {
      page.dataset.theme = theme;
      open(false);
    },
    { once: true },
  );
});
