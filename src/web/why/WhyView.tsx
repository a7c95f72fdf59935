import { Empty } from '../common/State.tsx';

export default function WhyView() {
  return <Empty title="Why" />;
}
