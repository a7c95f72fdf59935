import { Empty } from '../common/State.tsx';

export default function MapView() {
  return <Empty title="Map" />;
}
