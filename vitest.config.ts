import { defineConfig } from "vitest/config";

/** Unit tests start at once; the others share real servers, started once for the whole run. */
export default defineConfig({
  test: {
    pool: "forks",
    // Flows wait for the service more than they work: four share two cores well.
    maxWorkers: 4,
    // Files of a worker share loaded modules, which halves the run: a test that leaves state behind is a fault.
    isolate: false,
    reporters: ["default", "./tools/count-reporter.ts"],
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: "real",
          include: ["test/{contract,flow,corpus}/**/*.test.ts"],
          globalSetup: ["./test/support/servers-setup.ts"],
          // Real servers, processes and providers' clocks share a small machine: what fails twice is a fault.
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
