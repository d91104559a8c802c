// The calls to the server: each bears the token that came once with the address of the page.

/** What the server refuses; status 0: it does not answer. */
const refusal = (status, answer = {}) =>
  Object.assign(new Error(answer.error ?? ""), {status, answer, faults: answer.faults});

/** Keep the token in this tab alone; whether there is one. */
export function takeToken() {
  if (/^#[^/]/.test(location.hash) && location.hash !== "#main") {
    sessionStorage.setItem("token", location.hash.slice(1));
    history.replaceState(null, "", "/");
  }
  return Boolean(sessionStorage.getItem("token"));
}

// "", "stopped" or "unconnected".
let state = "";

function setState(now) {
  if (now !== state) document.dispatchEvent(new CustomEvent("server", {detail: now}));
  state = now;
}

async function call(path, parameters = {}, options = {}, type = "") {
  const headers = {Authorization: `Bearer ${sessionStorage.getItem("token")}`, ...type && {"Content-Type": type}};
  let answer;
  try {
    answer = await fetch(`/api/${path}?${new URLSearchParams(parameters)}`, {...options, headers});
  } catch {
    setState("stopped");
    throw refusal(0);
  }
  setState(answer.status === 401 ? "unconnected" : "");
  if (!answer.ok) throw refusal(answer.status, await answer.json());
  return answer.json();
}

export const get = call;
export const post = (path, content) => call(path, {}, {method: "POST", body: JSON.stringify(content)}, "application/json");
export const upload = file => call("upload", {name: file.name}, {method: "POST", body: file}, "application/octet-stream");

/** The result of a task of the server; `show` gets each of its lines. */
export async function follow(task, show) {
  for (let after = 0; ;) {
    const now = await get("task", {after});
    if (now.task !== task) throw refusal(410);
    now.lines.forEach(show);
    after = now.next;
    if (now.done && now.error) throw refusal(422, now);
    if (now.done) return now.result;
  }
}
