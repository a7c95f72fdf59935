import { Empty } from '../common/State.tsx';

export default function TablesView() {
  return <Empty title="Tables" />;
}
