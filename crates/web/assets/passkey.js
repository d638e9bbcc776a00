// Passkeys: asks the browser for what a page asks for, and sends the answer in the page's own form, nowhere else.
// Whoever has no script, or a browser without passkeys, signs in by a code: then the button stays hidden.
"use strict";

const decoded = text =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), sign => sign.charCodeAt(0));

const encoded = bytes =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = list => (list ?? []).map(one => ({ ...one, id: decoded(one.id) }));

const answer = (made, response) =>
  JSON.stringify({ id: made.id, rawId: encoded(made.rawId), type: made.type, response });

const asks = {
  async create(options) {
    const publicKey = {
      ...options,
      challenge: decoded(options.challenge),
      user: { ...options.user, id: decoded(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    return answer(made, {
      clientDataJSON: encoded(made.response.clientDataJSON),
      attestationObject: encoded(made.response.attestationObject),
    });
  },
  async get(options) {
    const publicKey = {
      ...options,
      challenge: decoded(options.challenge),
      allowCredentials: known(options.allowCredentials),
    };
    const made = await navigator.credentials.get({ publicKey });
    const { userHandle } = made.response;
    return answer(made, {
      clientDataJSON: encoded(made.response.clientDataJSON),
      authenticatorData: encoded(made.response.authenticatorData),
      signature: encoded(made.response.signature),
      userHandle: userHandle ? encoded(userHandle) : null,
    });
  },
};

const why = error => {
  switch (error.name) {
    case "InvalidStateError":
      return "这台设备已经添加过了，请换一台。";
    case "NotAllowedError":
      return "没有完成：取消了，或者等得太久。可以再按一次。";
    default:
      return "这台设备现在用不了通行密钥，请用验证码。";
  }
};

if (window.PublicKeyCredential && navigator.credentials) {
  for (const without of document.querySelectorAll("[data-without-passkey]")) without.hidden = true;
  for (const part of document.querySelectorAll("[data-passkey]")) {
    const button = part.querySelector("button");
    const says = part.querySelector("[role=status]");
    part.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      says.textContent = "请按设备的提示确认。";
      try {
        const { publicKey } = JSON.parse(part.dataset.options);
        part.querySelector("input[name=passkey]").value = await asks[part.dataset.passkey](publicKey);
        part.closest("form").submit();
      } catch (error) {
        says.textContent = why(error);
        button.disabled = false;
        button.focus();
      }
    });
  }
}
