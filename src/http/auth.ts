import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { PosternError } from "../core/errors.ts";

/** Everything below `/api`, known or not, asks for the administrator's bearer token first. */
export function requireToken(server: FastifyInstance, adminToken: string | undefined): void {
  server.addHook("onRequest", async (request, reply) => {
    if (!/^\/api(\/|\?|$)/.test(request.url)) return;
    reply.header("cache-control", "no-store");
    const presented = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (presented !== undefined && adminToken !== undefined && sameText(presented, adminToken)) return;
    reply.header("www-authenticate", 'Bearer realm="postern"');
    throw new PosternError("UNAUTHENTICATED", "a valid bearer token is required");
  });
}

/** Compares in constant time, whatever the lengths. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
