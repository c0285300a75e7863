import { assumptions } from './assumptions.ts';
import { table } from './markdown.ts';
import { unitPrices } from './unit-prices.ts';

export function pricesTable(): string {
  return table(
    ['service', 'USD', 'for', 'price list'],
    Object.values(unitPrices).map(({ service, usd, count, unit, page }) => [
      service,
      String(usd),
      count === 1 ? `1 ${unit}` : `${count.toLocaleString('en')} ${unit}`,
      `aws.amazon.com/${page}`,
    ]),
    '  ll',
  );
}

export function assumptionsTable(): string {
  return table(
    ['assumption', 'value', 'unit', 'basis'],
    Object.entries(assumptions).map(([name, { value, unit, basis }]) => [`\`${name}\``, figure(value), unit, basis]),
    '  ll',
  );
}

function figure(value: number): string {
  return value < 1e-3 ? value.toExponential(2) : value.toLocaleString('en', { maximumFractionDigits: 3 });
}
