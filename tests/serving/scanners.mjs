// What Mozilla's HTTP Observatory and Google's CSP Evaluator say, as JSON:
// node scanners.mjs HOST:PORT, with policies on standard input, one a line.
import fs from "node:fs";

// The list of the names that browsers know to be HTTPS alone: this machine is none of them, and the
// package would fetch it when it is installed.
const read = fs.readFileSync;
fs.readFileSync = (file, ...rest) =>
  String(file).endsWith("hsts-preload.json") ? "{}" : read(file, ...rest);

const { scan } = await import("@mdn/mdn-http-observatory");
const { CspEvaluator } = (await import("csp_evaluator/dist/evaluator.js")).default;
const { CspParser } = (await import("csp_evaluator/dist/parser.js")).default;

const policies = read(0, "utf8").trim().split("\n");
const findings = policies.flatMap((policy) =>
  new CspEvaluator(new CspParser(policy).csp).evaluate().map(({ description, directive }) => ({
    policy,
    directive,
    description,
  })),
);
const result = await scan(process.argv[2]);
const tests = Object.entries(result.tests).map(([name, { result, pass, scoreModifier }]) => ({
  name,
  result,
  pass,
  scoreModifier,
}));
console.log(JSON.stringify({ ...result.scan, tests, findings }));
