import { pip } from "../../../sandbox/data/python";

it("says what could not be fetched, and what to try", async () => {
  const failed = pip("false", ["download", "-r", "requirements.txt"], "the sandbox's real data");
  await expect(failed).rejects.toThrow(
    /^the sandbox's real data \(PyPI\) could not be fetched: false -m pip download --quiet .*: exit code 1\n/,
  );
  await expect(failed).rejects.toThrow("try: python3 -m venv try");
});
