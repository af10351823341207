// Draws every figure of the page in the colours of the reader's theme, and again when the theme changes.
(function () {
  "use strict";
  var figures = JSON.parse(document.getElementById("figures").textContent);
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function themed(layout) {
    var style = getComputedStyle(document.documentElement);
    var ink = style.getPropertyValue("--ink").trim();
    var soft = style.getPropertyValue("--soft").trim();
    var grid = style.getPropertyValue("--grid").trim();
    var card = style.getPropertyValue("--card").trim();
    var result = JSON.parse(JSON.stringify(layout));
    result.font.color = ink;
    result.hoverlabel.bgcolor = card;
    result.hoverlabel.bordercolor = soft;
    result.hoverlabel.font.color = ink;
    ["xaxis", "yaxis"].forEach(function (name) {
      result[name].gridcolor = grid;
      result[name].linecolor = grid;
    });
    return result;
  }

  function draw() {
    return Promise.all(Object.keys(figures).map(function (id) {
      var figure = figures[id];
      return Plotly.react(id, figure.data, themed(figure.layout), { displayModeBar: false, responsive: true });
    }));
  }

  function drawn() { document.body.dataset.drawn = String(Object.keys(figures).length); }
  draw().then(drawn);
  dark.addEventListener("change", draw);
  window.addEventListener("beforeprint", draw);
})();
