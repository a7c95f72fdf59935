import type { AnswerPart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { shellCommand } from '../../util/shell.ts';
import { Copy } from '../common/Copy.tsx';

export function Remedies({ remedies }: { readonly remedies: AnswerPart['remedies'] }) {
  return (
    <section className="card stack">
      <h2>What makes it work</h2>
      <p className="small muted">
        <span className="good">✓ proved</span>: each was tried on a copy of the model, and the packet arrived. Nothing was changed on a host.
      </p>
      <ol className="stack">
        {remedies.map(({ text, commands, sideEffects }) => (
          <li key={text} className="stack remedy">
            <p>{printable(text)}</p>
            {commands.map(({ host, argv }) => (
              <Copy key={host + shellCommand(argv)} text={shellCommand(argv)} note={`on ${host}`} />
            ))}
            {sideEffects.length > 0 && (
              <div className="small">
                <p className="warn">It would also:</p>
                <ul className="bullets">
                  {sideEffects.map((effect) => (
                    <li key={effect}>{printable(effect)}</li>
                  ))}
                </ul>
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
