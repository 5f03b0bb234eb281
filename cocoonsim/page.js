// Draws every figure from the data block next to it. Nothing is fetched.
"use strict";
document.querySelectorAll("[data-figure]").forEach(function (place) {
  const drawn = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  const finger = window.matchMedia("(pointer: coarse)").matches;
  const narrow = window.matchMedia("(max-width: 40rem)").matches;
  if (finger) drawn.layout.dragmode = false; // a finger on a figure scrolls the page
  if (narrow) drawn.layout.font = { size: 12 };
  place.textContent = "";
  Plotly.newPlot(place, drawn.data, drawn.layout, {
    responsive: true,
    displaylogo: false,
    displayModeBar: finger ? false : "hover",
    modeBarButtonsToRemove: ["select2d", "lasso2d"],
  });
});
