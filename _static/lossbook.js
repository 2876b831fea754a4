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
