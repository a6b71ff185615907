/** The password of the admin: at the first contact it is the one of every installation, and is changed before anything else. */
import { HookError } from "../errors";
import { messageOf, Unanswered, type Ambari } from "./api";

const FIRST_PASSWORD = "admin";

/**
 * Logs in, waiting until Ambari answers. A second run asks once and changes nothing.
 * @param api with the secret's password @throws HookError when neither that nor the first one is right
 */
export async function logIn(api: Ambari, user: string, password: string, say: (line: string) => void): Promise<void> {
  const path = `/users/${encodeURIComponent(user)}`;
  for (;;) {
    const answer = await api.ask(path);
    if (isLoggedIn(answer)) return;
    const first = api.as(FIRST_PASSWORD);
    if (!isLoggedIn(await first.ask(path))) throw api.refusal("GET", path, answer);
    try {
      const wish = { Users: { user_name: user, old_password: FIRST_PASSWORD, password } };
      const changed = await first.tell("PUT", path, JSON.stringify(wish));
      if (changed.status !== 200)
        throw new HookError(
          `Ambari does not take the secret ambari_admin_password: ${messageOf(changed)}`,
          [],
          "another value that its rule for passwords allows, then run again",
        );
      say(`the password of ${user} is the secret's now`);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }
}

const isLoggedIn = ({ status }: { readonly status: number }): boolean => status === 200;
