import { connect } from "node:net";
import { serveChild } from "../../../../src/extract/child-main.ts";

/** What the tests of the pool ask of a child. */
export interface Misdeed {
  readonly what:
    | "echo"
    | "throw"
    | "exit"
    | "spin"
    | "sleep"
    | "fill-heap"
    | "fill-memory"
    | "segv"
    | "environment"
    | "network"
    | "ask";
  readonly bytes?: Uint8Array;
  readonly port?: number;
}

const kept: unknown[] = [];

serveChild<Misdeed, unknown>(async (request, _signal, parent) => {
  parent.progress(request.what);
  switch (request.what) {
    case "echo":
      return { pid: process.pid, bytes: request.bytes };
    case "throw":
      throw new Error("a parser's bug");
    case "exit":
      return process.exit(3);
    case "spin":
      for (;;) kept.length = 0;
    case "sleep":
      return new Promise(() => setInterval(() => {}, 1000));
    case "fill-heap":
      for (;;) kept.push({ rows: Array.from({ length: 1000 }, (_, index) => `${index}`) });
    case "fill-memory":
      for (;;) {
        kept.push(Buffer.alloc(32 * 1024 * 1024, 1));
        await new Promise((resolve) => setImmediate(resolve));
      }
    case "segv":
      process.kill(process.pid, "SIGSEGV");
      return new Promise(() => {});
    case "environment":
      return { names: Object.keys(process.env), given: process.env.GIVEN };
    case "network":
      return new Promise((resolve) => {
        const socket = connect(request.port ?? 0, "127.0.0.1");
        socket.once("connect", () => resolve("connected"));
        socket.once("error", () => resolve("refused"));
      });
    case "ask":
      return parent.ask({ question: "what is it?" });
  }
});
