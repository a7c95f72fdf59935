import type { SnapshotFields } from '../../generated/page.ts';
import { formatRoute, useRoute, type View } from '../use/route.ts';
import { switchTheme, useTheme } from '../use/theme.ts';
import { Live } from './Live.tsx';
import { SnapshotPicker } from './SnapshotPicker.tsx';

const TABS: readonly (readonly [View, string])[] = [
  ['map', 'Map'],
  ['why', 'Why'],
  ['time', 'Time'],
  ['tables', 'Tables'],
];

export function Header({ snapshots, help }: { readonly snapshots: readonly SnapshotFields[]; readonly help: () => void }) {
  const { view, params } = useRoute();
  const theme = useTheme();
  return (
    <header className="header">
      <a className="brand" href={formatRoute('map', { at: params.at })}>
        <img src="./icon.svg" alt="" width="24" height="24" />
        netwhy
      </a>
      <nav aria-label="Views">
        {TABS.map(([tab, name]) => (
          <a key={tab} href={formatRoute(tab, { at: params.at })} aria-current={tab === view ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <span className="spacer" />
      <Live />
      <SnapshotPicker snapshots={snapshots} />
      <button type="button" className="plain icon" onClick={switchTheme} aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}>
        <span aria-hidden="true">{theme === 'dark' ? '☀' : '☾'}</span>
      </button>
      <button type="button" className="plain icon" onClick={help} aria-label="Help">
        <span aria-hidden="true">?</span>
      </button>
    </header>
  );
}
