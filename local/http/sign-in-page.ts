/** What the user pool's page asks in AWS: who are you. Here nobody needs a password. */
export type SignInPage = {
  /** Where the form is sent, by POST. */
  readonly action: string;
  /** Parameters of the request, which come back with the form. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly problem?: string | undefined;
};

const people = [
  { name: 'ada', groups: 'admin', role: 'Admin', may: 'reads and changes everything, for every team' },
  { name: 'vera', groups: 'viewer', role: 'Viewer', may: 'reads everything, changes nothing' },
] as const;

/** The page as HTML; everything that came from outside is escaped. */
export function renderSignInPage({ action, hidden, problem }: SignInPage): string {
  const inputs = Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  const form = (content: string) => `<form method="post" action="${escapeHtml(action)}">${inputs}${content}</form>`;
  const presets = people.map(({ name, groups, role, may }) =>
    form(
      `<input type="hidden" name="name" value="${name}"><input type="hidden" name="groups" value="${groups}">
      <button class="person"><strong>${role}</strong><span>${name} – ${may}</span></button>`,
    ),
  );
  const typed = form(`<h2>Someone else</h2>
    <label for="name">Name</label><input id="name" name="name" value="eddie" required autocomplete="off">
    <label for="groups">Groups, separated by spaces</label>
    <input id="groups" name="groups" value="editor:flights approver:flights" autocomplete="off" aria-describedby="hint">
    <p id="hint">viewer, admin, or a role of a team: editor:flights, approver:flights</p>
    <button class="primary">Sign in</button>`);
  const complaint = problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in – Runway on this machine</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width,initial-scale=1"><style>${style}</style></head>
<body><main><p class="brand">Runway</p><h1>Who are you?</h1>
<p>This page stands for the user pool while Runway runs on this machine. Nobody needs a password here.</p>
${complaint}${presets.join('')}<hr>${typed}</main></body></html>`;
}

/** For an address that is no request to sign in. */
export function renderRefusal(problem: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cannot sign in</title>
<style>${style}</style></head><body><main><h1>Cannot sign in</h1><p role="alert">${escapeHtml(problem)}</p></main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--muted:#57606a;--ground:#f6f7f9;--paper:#fff;--line:#d5dae0;--accent:#1c5fd6;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebef;--muted:#a2acb8;--ground:#0f1216;--paper:#171b21;--line:#323a45;--accent:#7db0ff;--on:#0c1420}}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px;background:var(--ground);color:var(--ink);font:14px/20px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:400px;margin:32px auto;padding:24px;background:var(--paper);border:1px solid var(--line);border-radius:8px}
.brand{margin:0 0 16px;font-weight:600}h1{margin:0 0 4px;font-size:20px;line-height:28px}h2{margin:0 0 8px;font-size:14px}
p{margin:0 0 16px;color:var(--muted)}[role=alert]{color:#b3261e}@media(prefers-color-scheme:dark){[role=alert]{color:#ff8a80}}
hr{border:0;border-top:1px solid var(--line);margin:20px 0}
button{font:inherit;cursor:pointer;border-radius:6px;padding:8px 12px;border:1px solid var(--line)}
.person{display:block;width:100%;margin-bottom:8px;text-align:left;background:none;color:inherit}
.person:hover{border-color:var(--accent)}.person span{display:block;color:var(--muted)}
.primary{background:var(--accent);color:var(--on);border-color:var(--accent)}
label{display:block;margin-bottom:4px}input{font:inherit;width:100%;padding:6px 8px;margin-bottom:12px;color:inherit;background:var(--paper);border:1px solid var(--muted);border-radius:6px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}`;
