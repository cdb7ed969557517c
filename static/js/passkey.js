// Passkeys: lets the browser make or use one, and posts what it says. Without this script the forms stay hidden, and
// codes do the same work. <form data-passkey="create|get|login" data-passkey-options="id of the JSON">.
(function () {
  "use strict";

  if (!window.PublicKeyCredential || !window.webauthnJSON) return;

  function optionsOf(form) {
    if (form.dataset.passkey === "login") {
      return fetch(form.action, { headers: { Accept: "application/json" } }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      }).then(function (data) {
        return data.request_options;
      });
    }
    var data = JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
    return Promise.resolve(form.dataset.passkey === "create" ? data.creation_options : data.request_options);
  }

  function ask(form, options) {
    if (form.dataset.passkey !== "create") return window.webauthnJSON.get(options);
    var alone = form.elements.passwordless && form.elements.passwordless.checked;
    var wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = Boolean(alone);
    if (alone) wanted.userVerification = "required";
    return window.webauthnJSON.create(options);
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var fault = form.querySelector("[data-passkey-error]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      // The language toggle submits the form as it is.
      if (event.submitter && event.submitter.name === "_toggle") return;
      event.preventDefault();
      fault.hidden = true;
      optionsOf(form).then(function (options) {
        return ask(form, options);
      }).then(function (credential) {
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      }).catch(function () {
        fault.hidden = false;
      });
    });
  });
  document.querySelectorAll("[data-passkey-none]").forEach(function (text) {
    text.hidden = true;
  });
})();
