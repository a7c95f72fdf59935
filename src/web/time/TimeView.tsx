import { Empty } from '../common/State.tsx';

export default function TimeView() {
  return <Empty title="Time" />;
}
