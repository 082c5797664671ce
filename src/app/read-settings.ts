import { faultLines } from "../cli/policy.ts";
import { PosternError } from "../core/errors.ts";
import { readSource } from "../policy/source.ts";
import { readPolicyFile } from "./read-policy.ts";

/**
 * A file of settings in YAML or JSON, `-` for standard input. What the document says is judged by the service.
 * @throws PosternError REQUEST_INVALID when it cannot be read, with line and column
 */
export function readSettingsFile(file: string): unknown {
  const { source, format } = readPolicyFile(file);
  const { value, faults } = readSource(source, format);
  if (faults.length > 0) throw new PosternError("REQUEST_INVALID", faultLines(file, faults).join("\n"));
  return value;
}
