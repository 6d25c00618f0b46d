// Charts: options come from a JSON script tag, so that pages need no script of their own.
//   <div class="chart" data-chart="trend-data"></div>{{ options|json_script:"trend-data" }}
// Colours, font and room for labels are set here, the same for the same thing everywhere. `formatter` may name one
// of FORMATS. A map names its GeoJSON address in `data-map`. On English pages a series keeps its Chinese name in `key`.
"use strict";
(() => {
  const FONT = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC","Source Han Sans SC",sans-serif';
  const COLOURS = { "达标": "#17692f", "未达标": "#a8201a", "临界": "#c98a00", "未报": "#8592a0", "不适用": "#c3ccd5", "小学": "#14538f", "初中": "#b3541e", "标准": "#a8201a", "本县": "#14538f" };
  const LIST = ["#14538f", "#b3541e", "#4c7a34", "#7a4b8c", "#8a6d1b", "#3b7d8c"];
  const ENGLISH = document.documentElement.lang.startsWith("en");
  const [ABSENT, COLON, LOCALE] = ENGLISH ? ["Not reported", ": ", "en"] : ["未报", "：", "zh-CN"];
  const tidy = (value) => value === null || value === undefined || value === "" ? ABSENT : Number(value).toLocaleString(LOCALE, { maximumFractionDigits: 2 });
  const FORMATS = {
    number: (value) => tidy(typeof value === "object" ? value.value : value),
    percent: (value) => typeof value === "object" ? tidy(value.value * 100) + "%" : tidy(value * 100) + "%",
    tooltip: (found) => [].concat(found).map((one) => `${echarts.format.encodeHTML(one.seriesName || one.name)}${COLON}${tidy(Array.isArray(one.value) ? one.value[one.value.length - 1] : one.value)}`).join("<br>"),
    place: (found) => found.data && found.data.lines ? found.data.lines.map((line) => echarts.format.encodeHTML(line)).join("<br>") : echarts.format.encodeHTML(found.name),
  };
  const named = (option) => {
    if (Array.isArray(option)) return option.map(named);
    if (option === null || typeof option !== "object") return option;
    const made = {};
    for (const [key, value] of Object.entries(option)) {
      made[key] = (key === "formatter" || key === "valueFormatter") && FORMATS[value] ? FORMATS[value] : named(value);
    }
    return made;
  };
  const complete = (option) => {
    const made = named(option);
    made.textStyle = { fontFamily: FONT, fontSize: 12, color: "#1b2733", ...made.textStyle };
    made.color = made.color || LIST;
    made.animation = false;
    made.aria = { enabled: true };
    if (!made.geo && made.grid !== null) made.grid = { left: 12, right: 64, top: 36, bottom: 28, containLabel: true, ...made.grid };
    if (made.tooltip) made.tooltip = { confine: true, textStyle: { fontFamily: FONT, fontSize: 12 }, ...made.tooltip };
    for (const series of made.series || []) {
      const colour = COLOURS[series.key || series.name];
      if (colour && !(series.itemStyle && series.itemStyle.color)) series.itemStyle = { ...series.itemStyle, color: colour };
      for (const point of series.data || []) {
        if (point && point.verdict && COLOURS[point.verdict]) point.itemStyle = { color: COLOURS[point.verdict], ...point.itemStyle };
      }
    }
    return made;
  };
  const download = (chart, name) => {
    const link = document.createElement("a");
    link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#fff" });
    link.download = `${name}.png`;
    link.click();
  };
  // A map without any shape stops ECharts altogether: without outlines a plain frame around the dots stands in for them.
  const shapes = async (address) => {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const found = answer.ok ? await answer.json() : null;
      return found && (found.features || []).some((one) => one.geometry) ? found : null;
    } catch { return null; }
  };
  const frame = (option) => {
    const dots = (option.series || []).flatMap((one) => one.data || []).map((one) => one && one.value).filter(Array.isArray);
    if (!dots.length) return null;
    const [across, up] = [0, 1].map((place) => dots.map((dot) => dot[place]));
    const [west, east, south, north] = [Math.min(...across) - 0.05, Math.max(...across) + 0.05, Math.min(...up) - 0.05, Math.max(...up) + 0.05];
    const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    return { type: "FeatureCollection", features: [{ type: "Feature", properties: { name: "" }, geometry: { type: "Polygon", coordinates: [ring] } }] };
  };
  const draw = async (box) => {
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    const option = complete(JSON.parse(document.getElementById(box.dataset.chart).textContent));
    if (box.dataset.map) {
      const found = await shapes(box.dataset.map) || frame(option);
      if (!found) { box.hidden = true; return; }
      echarts.registerMap("county", found);
    }
    const chart = echarts.init(box, null, { renderer: box.dataset.renderer || "canvas" });
    chart.setOption(option);
    chart.on("click", (event) => { if (event.data && event.data.address) window.location.assign(event.data.address); });
    new ResizeObserver(() => chart.resize()).observe(box);
    window.addEventListener("beforeprint", () => chart.resize());
    const block = box.closest(".chart-block");
    const button = block && block.querySelector("[data-png]");
    if (button) button.addEventListener("click", () => download(chart, button.dataset.png));
    box.chart = chart;
  };
  const setUp = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  setUp(document);
  document.addEventListener("htmx:afterSwap", (event) => setUp(event.target));
})();
