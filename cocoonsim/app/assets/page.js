/* The clock of the page: the next step is asked for when the last one has arrived, so that a slow computer never falls behind.
   And a line to the server that ends with the page. */
(function () {
  "use strict";
  let timer = null, waiting = false, lastDone = null, asked = 0;

  function ask() {
    timer = null;
    waiting = true;
    asked = performance.now();
    window.dash_clientside.set_props("clock", { data: Date.now() });
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    cocoon: {
      toggle: function (clicks, playing) {
        return !playing;
      },
      beat: function (playing, done, speed) {
        if (done !== lastDone) { lastDone = done; waiting = false; }
        if (timer !== null) { clearTimeout(timer); timer = null; }
        if (playing && !waiting) {
          const wait = 1000 / speed - (performance.now() - asked);
          if (wait > 0) {
            timer = setTimeout(ask, wait);
          } else {
            Promise.resolve().then(ask);  // before the pictures are drawn: the server computes meanwhile
          }
        }
        if (!playing) { waiting = false; }
        return playing ? "Pause" : "Play";
      },
    },
  });

  function session() {
    const found = document.querySelector("[data-session]");
    return found && found.dataset.session;
  }
  function tell(words) {
    window.dash_clientside.set_props("status", { children: words, className: "status bad" });
    window.dash_clientside.set_props("playing", { data: false });
  }
  // One line to the server, open as long as the page is: the server notices when it ends, however the page was closed.
  const looking = setInterval(function () {
    if (!session()) { return; }
    clearInterval(looking);
    const line = new WebSocket("ws://" + location.host + "/present/" + session());
    let leaving = false;
    window.addEventListener("pagehide", function () { leaving = true; line.close(); });
    line.onclose = function (end) {
      if (leaving) { return; }
      if (end.code === 4000) { tell(end.reason); return; }
      fetch("/", { method: "HEAD" }).then(
        function () { tell("The run of this page has been let go. Load the page again."); },
        function () { tell("The server does not answer. Was it stopped? Start it again with: cocoonsim app"); });
    };
  }, 500);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { location.reload(); }
  });
})();
