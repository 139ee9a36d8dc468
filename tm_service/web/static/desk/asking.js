// Asking: calls to the house; what never reached it, or got no answer, is told apart from what it refused.
export class Away extends Error {}

export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? String(status));
    this.status = status;
    this.problem = problem;
  }
}

// What is tried again; a text that always fails would keep back all others.
const LATER = new Set([429, 502, 503, 504]);

export async function ask(path, method = "GET", body = undefined, signal = undefined) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Away(error.message);
  }
  if (LATER.has(answer.status)) throw new Away(String(answer.status));
  const is_json = (answer.headers.get("Content-Type") ?? "").includes("json");
  const content = is_json ? await answer.json() : await answer.text();
  if (!answer.ok) throw new Refusal(answer.status, is_json ? content : {});
  return content;
}
