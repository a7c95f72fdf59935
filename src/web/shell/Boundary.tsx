import { Component, type ReactNode } from 'react';
import { asProblem } from '../client/problem.ts';
import { Failed } from '../common/State.tsx';

/** A view that fails does not take the page with it. React has this as a class only. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined as unknown };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <Failed problem={asProblem(this.state.error)} again={() => this.setState({ error: undefined })} />;
  }
}
