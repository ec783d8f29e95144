// Small repairs to the stock admin's pages; each works without it, only less comfortably.
(function () {
  "use strict";
  // An open filter chip covers what lies below it: it closes when focus or a click goes elsewhere, and on Escape.
  function closeChips(except) {
    document.querySelectorAll("details.chip[open]").forEach(function (chip) {
      if (!chip.contains(except)) chip.open = false;
    });
  }
  document.addEventListener("focusin", function (event) {
    closeChips(event.target);
  });
  document.addEventListener("click", function (event) {
    closeChips(event.target);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.chip[open]").forEach(function (chip) {
      chip.open = false;
      chip.querySelector("summary").focus();
    });
  });
  // On a phone a row is a card: each cell carries the name of its column.
  function labelCells() {
    var heads = Array.from(document.querySelectorAll("#result_list thead th"));
    var names = heads.map(function (th) {
      var text = th.querySelector(".text");
      return text ? text.textContent.trim() : "";
    });
    document.querySelectorAll("#result_list tbody tr").forEach(function (row) {
      Array.from(row.children).forEach(function (cell, index) {
        if (names[index]) cell.dataset.label = names[index];
      });
    });
  }
  // The comboboxes of autocomplete fields get the name that their select has.
  function nameBoxes() {
    document.querySelectorAll("select.select2-hidden-accessible").forEach(function (select) {
      var label = select.labels && select.labels[0];
      var name = (label && label.textContent.replace(/[:*]\s*$/, "").trim()) || select.getAttribute("aria-label");
      var next = select.nextElementSibling;
      var box = next && next.querySelector("[role=combobox]");
      if (!box || !name) return;
      var shown = box.querySelector(".select2-selection__rendered");
      if (shown) {
        shown.removeAttribute("role");
        shown.removeAttribute("aria-readonly");
      }
      box.removeAttribute("aria-labelledby");
      var value = shown ? shown.textContent.replace("×", "").trim() : "";
      box.setAttribute("aria-label", value ? name + ": " + value : name);
    });
  }
  window.addEventListener("DOMContentLoaded", labelCells);
  window.addEventListener("load", function () {
    nameBoxes();
    if (window.django && window.django.jQuery) {
      window.django.jQuery(document).on("change formset:added", function () {
        setTimeout(nameBoxes, 0);
      });
    }
  });
})();
