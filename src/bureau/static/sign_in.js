// A demo account's button fills the form; the person still signs in by hand and sees what is sent.
for (const button of document.querySelectorAll("[data-demo-username]")) {
    button.addEventListener("click", () => {
        document.getElementById("id_login").value = button.dataset.demoUsername;
        document.getElementById("id_password").value = button.dataset.demoPassword;
        document.querySelector("#sign-in button[type=submit]").focus();
    });
}
