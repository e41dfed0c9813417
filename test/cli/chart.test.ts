import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartOf } from "../../cli/chart.ts";

describe("a chart", () => {
  it("rises from 0 to the highest value", () => {
    expect(chartOf([0, 1, 3, 6, 12], 10)).toEqual([
      "12 ┤    █",
      "   ┤    █",
      "   ┤    █",
      "   ┤   ██",
      "   ┤  ▄██",
      " 0 ┤▁▄███",
    ]);
  });

  it("tells what is unknown from what is not there and from 0", () => {
    expect(chartOf([null, undefined, 0, 1.26], 10).at(-1)).toBe("  0 ┤· ▁█");
    expect(chartOf([null, undefined, 0, 1.26], 10)[0]).toBe("1.3 ┤   █");
  });

  it("is flat where everything is 0, and empty where nothing is known", () => {
    expect(chartOf([0, 0], 10).at(-1)).toBe("0 ┤▁▁");
    expect(chartOf([null, null], 10).join("")).not.toMatch(/[▁-█]/);
  });

  it("shows the highest of several where there are too many", () => {
    expect(chartOf([1, 6, null, undefined, undefined, 0], 3).at(-1)).toBe("0 ┤█·▁");
  });

  it("fits into a narrow terminal, its scale included", () => {
    expect(chartOf([1200, 0, 6, 0, 1, 0], 72, 9)).toEqual(chartOf([1200, 6, 1], 72));
    expect(chartOf([1200, 0], 72, 3)).toHaveLength(6);
  });

  it("shows hundreds of thousands of points", () => {
    expect(chartOf(Array(500_000).fill(1), 1).at(-1)).toBe("0 ┤█");
  });

  it("has no more columns than it may, and as many lines as ever", () => {
    const points = fc.array(fc.oneof(fc.constantFrom(null, undefined), fc.double({ min: 0, noNaN: true })));
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 80 }), (points, most) => {
        const lines = chartOf(points, most);
        expect(lines).toHaveLength(6);
        for (const line of lines) expect(line.split("┤")[1]?.length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
