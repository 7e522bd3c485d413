"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("chart-data").textContent);
  const dashes = [[], [9, 5], [2, 4], [9, 4, 2, 4]];
  const colours = 6;
  let drawn = [];

  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = (size = 12) => size + "px system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
  const short = v => v === 0 ? "0" : Math.abs(v) < 0.001 || Math.abs(v) >= 1e5 ? v.toExponential(1) : String(+v.toPrecision(6));

  // Values joined by place: a gap of alignment (undefined) is bridged by a line, a value that was not measured (null) is not.
  function join(chart) {
    const tables = chart.tables.filter(t => t.series.length > 0 && t.x.length > 0);
    if (chart.diagonal) {
      // Points may share a place: each table keeps its own rows.
      const x = [].concat(...tables.map(t => t.x));
      const columns = tables.map((t, k) => [].concat(...tables.map((o, j) => j === k ? o.series[0].values : o.x.map(() => null))));
      const order = x.map((_, i) => i).sort((a, b) => x[a] - x[b]);
      return { data: [order.map(i => x[i]), ...columns.map(c => order.map(i => c[i]))], series: tables.map(t => t.series[0]) };
    }
    // A thinned curve has its lowest and highest values behind its means, as the edges of a band.
    const columns = t => t.series.flatMap(s => s.low ? [s.values, s.low, s.high] : [s.values]);
    const data = uPlot.join(tables.map(t => [t.x, ...columns(t)]), tables.map(t => [0, ...columns(t).map(() => 2)]));
    return { data, series: tables.flatMap(t => t.series.flatMap(s => s.low ? [s, { ...s, edge: true }, { ...s, edge: true }] : [s])) };
  }

  // Onsets, thresholds and the diagonal, drawn over the grid.
  function lines(chart) {
    return u => {
      const { ctx, bbox } = u, r = devicePixelRatio;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.font = font(Math.round(11 * r));
      ctx.textAlign = "left";
      ctx.textBaseline = "alphabetic";
      ctx.lineWidth = 1.5 * r;
      const line = (x0, y0, x1, y1, colour, dash) => {
        ctx.strokeStyle = colour;
        ctx.setLineDash(dash.map(d => d * r));
        ctx.beginPath();
        ctx.moveTo(x0, y0);
        ctx.lineTo(x1, y1);
        ctx.stroke();
      };
      const label = (text, x, y, colour) => {
        ctx.fillStyle = style("--page");
        ctx.globalAlpha = 0.8;
        ctx.fillRect(x - 2 * r, y - 12 * r, ctx.measureText(text).width + 4 * r, 15 * r);
        ctx.globalAlpha = 1;
        ctx.fillStyle = colour;
        ctx.fillText(text, x, y);
      };
      if (chart.diagonal) {
        const low = Math.max(u.scales.x.min, u.scales.y.min), high = Math.min(u.scales.x.max, u.scales.y.max);
        line(u.valToPos(low, "x", true), u.valToPos(low, "y", true), u.valToPos(high, "x", true), u.valToPos(high, "y", true), style("--level"), [6, 4]);
      }
      let taken = [];
      for (const level of [...chart.levels].sort((a, b) => b.at - a.at)) {
        const y = u.valToPos(level.at, "y", true);
        line(bbox.left, y, bbox.left + bbox.width, y, style("--level"), [6, 4]);
        let at = y - 4 * r < bbox.top + 14 * r ? y + 14 * r : y - 4 * r;
        while (taken.some(t => Math.abs(t - at) < 14 * r))
          at += 14 * r;
        taken.push(at);
        label(level.label, bbox.left + 6 * r, at, style("--level"));
      }
      chart.marks.forEach((mark, i) => {
        const x = u.valToPos(mark.at, "x", true);
        line(x, bbox.top, x, bbox.top + bbox.height, style("--mark"), [3, 3]);
        const text = "since " + mark.label, width = ctx.measureText(text).width;
        label(text, x + width + 8 * r > bbox.left + bbox.width ? x - width - 6 * r : x + 5 * r, bbox.top + (14 + 15 * (i % 4)) * r, style("--mark"));
      });
      ctx.restore();
    };
  }

  function ranged(range, chart) {
    return range ? () => range : (u, low, high) => {
      // Level lines belong into the picture.
      const all = [low, high, ...chart.levels.map(l => l.at)].filter(v => v != null);
      if (all.length === 0)
        return [0, 1];
      low = Math.min(...all);
      high = Math.max(...all);
      const room = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
      return [low - room, high + room];
    };
  }

  function draw(chart) {
    const place = document.getElementById("chart-" + chart.id);
    if (!place || chart.absent)
      return;
    const { data, series } = join(chart);
    const axis = extra => ({ stroke: style("--soft"), grid: { stroke: style("--grid"), width: 1 }, ticks: { stroke: style("--grid"), width: 1 }, font: font(), labelFont: font(), labelSize: 22, ...extra });
    const values = chart.percent ? (u, ticks) => ticks.map(v => Math.round(v * 100) + " %") : (u, ticks) => ticks.map(short);
    const show = v => v == null ? "none" : chart.percent ? (v * 100).toFixed(1) + " %" : short(+v.toPrecision(5));
    const columns = series.map((s, i) => s.edge ? -1 : i + 1).filter(i => i > 0);
    const keys = document.createElement("ul");
    keys.className = "keys";
    const options = {
      width: Math.max(280, place.clientWidth), height: 264, legend: { show: false }, padding: [10, 12, 0, 0],
      cursor: chart.diagonal ? { drag: { x: false, y: false } } : { sync: { key: "epochs" }, drag: { x: false, y: false } },
      scales: { x: { time: false, range: ranged(chart.xRange, { levels: [] }) }, y: { range: ranged(chart.yRange, chart) } },
      axes: [
        axis({ label: chart.xLabel, size: 34, incrs: chart.diagonal ? [0.5, 1] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }),
        axis({ label: chart.yLabel, size: 58, values }),
      ],
      bands: series.flatMap((s, i) => s.low && !s.edge ? [{ series: [i + 3, i + 2], fill: style("--c" + s.colour % colours) + "33" }] : []),
      series: [{}, ...series.map(s => {
        const colour = style("--c" + s.colour % colours);
        if (s.edge)
          return { stroke: "transparent", width: 0, points: { show: false } };
        const points = s.style !== "Thin";
        return {
          label: s.label, stroke: colour, width: s.style === "Thin" ? 1.25 : 2, dash: dashes[s.dash % dashes.length], alpha: s.style === "Thin" && chart.id === "loss" ? 0.55 : 1,
          paths: s.style === "Points" ? () => null : undefined,
          points: { show: points || s.values.filter(v => v != null).length < 2, size: s.style === "Points" ? 5 : 6, fill: colour, stroke: colour, width: 1 },
        };
      })],
      hooks: {
        draw: [lines(chart)],
        setCursor: [u => u.root.isConnected && keys.querySelectorAll("output").forEach((out, i) => {
          const at = u.cursor.idx;
          out.textContent = chart.diagonal || at == null || u.data[columns[i]][at] == null ? "" : " " + show(u.data[columns[i]][at]);
        })],
      },
    };
    place.replaceChildren();
    const plot = new uPlot(options, data, place);
    for (const s of series.filter(s => !s.edge)) {
      const key = document.createElement("li"), colour = style("--c" + s.colour % colours);
      key.innerHTML = '<svg width="26" height="10" aria-hidden="true">' + (s.style === "Points"
        ? '<circle cx="13" cy="5" r="3.5"></circle>' : '<line x1="0" y1="5" x2="26" y2="5" stroke-width="2.5"></line>') + "</svg><span></span><output></output>";
      key.querySelector("circle, line").setAttribute(s.style === "Points" ? "fill" : "stroke", colour);
      key.querySelector("line")?.setAttribute("stroke-dasharray", dashes[s.dash % dashes.length].join(" "));
      if (s.style === "Thin" && chart.id === "loss")
        key.querySelector("line").setAttribute("stroke-width", "1");
      key.querySelector("span").textContent = s.label;
      keys.append(key);
    }
    place.append(keys);
    place.style.height = "auto";
    place.style.minHeight = "300px";
    drawn.push({ plot, place });
  }

  function drawAll() {
    drawn.forEach(d => d.plot.destroy());
    drawn = [];
    charts.forEach(draw);
  }

  // Sorting: a value that is absent comes last both ways.
  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") !== "descending" && column > 0 || head.getAttribute("aria-sort") === "ascending";
      heads.forEach(h => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const value = row => column === 0 ? row.cells[0].textContent : row.cells[column].dataset.value === undefined ? null : +row.cells[column].dataset.value;
      body.append(...[...body.rows].sort((a, b) => {
        const x = value(a), y = value(b);
        if (x === null || y === null)
          return (x === null) - (y === null);
        const order = column === 0 ? x.localeCompare(y, "en", { numeric: true }) : x - y;
        return descending ? -order : order;
      }));
    }));
  }

  document.querySelectorAll("table.sortable").forEach(sortable);
  // One player at a time.
  document.addEventListener("play", e => document.querySelectorAll("audio").forEach(a => a !== e.target && a.pause()), true);
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  matchMedia("print").addEventListener("change", drawAll);
  let waiting = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => drawn.forEach(d => d.plot.setSize({ width: Math.max(280, d.place.clientWidth), height: 264 })));
  });
})();
