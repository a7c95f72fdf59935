import { type KeyboardEvent, type ReactNode, type Ref, useId, useState } from 'react';
import { printable } from '../../util/printable.ts';
import './combobox.css';

export interface Option {
  /** What stands in the field once it is picked. */
  readonly value: string;
  /** Small words beside it, as "container on h1". */
  readonly note?: string;
  readonly icon?: ReactNode;
}

interface Props {
  readonly label: string;
  readonly value: string;
  /** Those that fit what is typed, best first. */
  readonly options: readonly Option[];
  readonly placeholder?: string;
  readonly onType: (text: string) => void;
  /** An option was taken, or Enter pressed on what is typed. */
  readonly onPick: (value: string) => void;
  /** `/` goes to this field. */
  readonly search?: boolean;
  readonly hideLabel?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** A text field that completes: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/, list autocomplete with manual selection. */
export function Combobox({ label, value, options, placeholder, onType, onPick, search, hideLabel, inputRef }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = open && options.length > 0;
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const pick = (text: string) => {
    close();
    onPick(text);
  };
  const move = (by: number) => {
    setOpen(true);
    setActive((at) => (options.length === 0 ? -1 : (Math.max(at, by < 0 ? 0 : -1) + by + options.length) % options.length));
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => pick(options[active]?.value ?? value),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && shown) {
      event.stopPropagation();
      return close();
    }
    const act = keys[event.key];
    if (!act || event.nativeEvent.isComposing) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="combobox">
      <label htmlFor={id} className={hideLabel ? 'unseen' : 'small muted'}>
        {label}
      </label>
      <input
        ref={inputRef}
        id={id}
        role="combobox"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        data-search={search || undefined}
        onChange={(event) => {
          setOpen(true);
          setActive(-1);
          onType(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onFocus={() => setOpen(true)}
        onBlur={close}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} hidden={!shown}>
        {shown &&
          options.map((option, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has the focus and the keys.
            <div
              key={option.value}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active}
              ref={(element) => {
                if (i === active) element?.scrollIntoView({ block: 'nearest' });
              }}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => pick(option.value)}
            >
              {option.icon}
              <span>{printable(option.value)}</span>
              {option.note && <span className="small muted">{option.note}</span>}
            </div>
          ))}
      </div>
    </div>
  );
}
