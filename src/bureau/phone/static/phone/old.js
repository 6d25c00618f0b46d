/* For browsers that cannot read the page's own scripts: a sentence instead of a page that never opens. */
window.setTimeout(function () {
  var main = document.getElementById("main");
  var parts = [
    ["h1", "这个浏览器太旧，打不开本页"],
    ["p", "请更新浏览器，或换一个较新的浏览器打开；也可以改用走访表，效果一样。"],
    ["p", "This browser is too old for this page. Use a newer one, or the visit sheet."]
  ];
  if (!main || !main.querySelector(".opening")) return;
  main.textContent = "";
  parts.forEach(function (part) {
    var made = document.createElement(part[0]);
    made.textContent = part[1];
    main.appendChild(made);
  });
  var link = document.createElement("a");
  link.className = "button";
  link.href = "/phone/sheet/";
  link.textContent = "下载走访表";
  main.appendChild(link);
}, 12000);
