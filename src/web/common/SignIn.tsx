import { type FormEvent, useState } from 'react';
import type { Problem } from '../client/problem.ts';
import { token } from '../client/token.ts';

export function SignIn({ problem }: { readonly problem: Problem }) {
  const [value, setValue] = useState('');
  const forbidden = problem.code === 'FORBIDDEN';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    token.set(value.trim());
  };
  return (
    <form className="state stack" onSubmit={submit} aria-label="Sign in">
      <h2>{forbidden ? 'Your token does not allow this' : 'This service asks for a token'}</h2>
      <p className="muted">
        {problem.message} {problem.hint}
      </p>
      <label className="stack">
        Token
        <input type="password" autoComplete="off" value={value} onChange={(event) => setValue(event.target.value)} required />
      </label>
      <p className="small muted">
        It is kept in this tab alone and forgotten when it closes. <code>netwhy token create</code> makes one.
      </p>
      <div className="row">
        <button type="submit" className="primary">
          {forbidden ? 'Use this token' : 'Sign in'}
        </button>
        {token.get() && (
          <button type="button" onClick={() => token.set('')}>
            Forget the token
          </button>
        )}
      </div>
    </form>
  );
}
