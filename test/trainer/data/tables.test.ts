import { expect } from "chai";

import type { DataOptions, RawData } from "../../../trainer/data/labelled-data.ts";
import { scaleData } from "../../../trainer/data/labelled-data.ts";
import { parseTable } from "../../../trainer/data/tables/parse-table.ts";
import { itRefuses, utf8 } from "../../helpers/refusals.ts";
import { fileOf, labelFirst, rows } from "./table-cases.ts";

const read = (text: string | Uint8Array, options: DataOptions = {}): RawData =>
  parseTable({ name: "a.csv", bytes: typeof text === "string" ? utf8(text) : text }, options);

const COUNTS = "3 classes with samples: 0 (20), 1 (20), 2 (20)";
const PLAIN = read(fileOf(undefined, rows()));

/** Asserts that a table is read as the plain one: the same values and labels. */
function expectPlain(data: RawData, lines = 60): void {
  expect(data.labels.length).to.equal(lines);
  expect([...data.labels]).to.deep.equal([...PLAIN.labels]);
  expect([...data.values]).to.deep.equal([...PLAIN.values]);
  expect(data.inputShape).to.deep.equal([4]);
  expect(data.classNames).to.have.length(3);
}

const indexed = (start: number, step = 1) => rows().map((line, row) => `${start + row * step},${line}`);
const semicolons = (lines: readonly string[]) => lines.map((line) => line.replaceAll(",", ";"));

describe("what a table's columns are", () => {
  describe("is understood the same", () => {
    const same: readonly (readonly [string, string, DataOptions?])[] = [
      ["with a header", fileOf("a,b,c,d,label", rows())],
      [
        "with quoted cells and names",
        fileOf(
          '"a","b","c","d","label"',
          rows().map((line) => line.replaceAll(/[^,]+/g, '"$&"')),
        ),
      ],
      ["with a byte order mark", `\uFEFF${fileOf("a,b,c,d,label", rows())}`],
      ["with a byte order mark before a quoted name", `\uFEFF${fileOf('"a",b,c,d,label', rows())}`],
      ["with line ends of DOS", fileOf("a,b,c,d,label", rows(), "\r\n")],
      ["with line ends of the classic Mac", fileOf("a,b,c,d,label", rows(), "\r")],
      ["with mixed line ends", `a,b,c,d,label\r\n${rows().slice(0, 30).join("\r")}\n${rows().slice(30).join("\n")}`],
      ["without a last line end", rows().join("\n")],
      ["with semicolons", fileOf("a;b;c;d;label", semicolons(rows()))],
      [
        "with semicolons and decimal commas",
        fileOf(
          "a;b;c;d;label",
          semicolons(rows()).map((line) => line.replaceAll(".", ",")),
        ),
      ],
      [
        "with tabs",
        fileOf(
          "a\tb\tc\td\tlabel",
          rows().map((line) => line.replaceAll(",", "\t")),
        ),
      ],
      [
        "with tabs and decimal commas",
        fileOf(
          undefined,
          rows().map((line) => line.replaceAll(",", "\t").replaceAll(".", ",")),
        ),
      ],
      [
        "with bars",
        fileOf(
          "a|b|c|d|label",
          rows().map((line) => line.replaceAll(",", "|")),
        ),
      ],
      ["with Excel's line about the separator", fileOf("sep=;\na;b;c;d;label", semicolons(rows()))],
      ["with a comma in a quoted name", fileOf('"a, in cm",b,c,d,label', rows())],
      ["with a line end in a quoted name", fileOf('"a\nin cm",b,c,d,label', rows())],
      ["with lines of separators at the end", fileOf("a,b,c,d,label", [...rows(), ",,,,", ",,,,"])],
      [
        "with a separator at the end of every line",
        fileOf(
          "a,b,c,d,label,",
          rows().map((line) => `${line},`),
        ),
      ],
      ["with a separator at the end of the header alone", fileOf("a,b,c,d,label,", rows())],
      [
        "with an empty column",
        fileOf(
          "a,x,b,c,d,label",
          rows().map((line) => line.replace(",", ",,")),
        ),
      ],
      [
        "with the header once more in the middle",
        fileOf("a,b,c,d,label", [...rows().slice(0, 30), "a,b,c,d,label", ...rows().slice(30)]),
      ],
      [
        "with labels as pandas writes them after a gap",
        fileOf(
          "a,b,c,d,label",
          rows((klass) => `${klass}.0`),
        ),
      ],
      ["with counting names", fileOf("0,1,2,3,4", rows())],
      ["with names that count from 1", fileOf("1,2,3,4,5", rows())],
      ["with counting names and a name for the label", fileOf("0,1,2,3,label", rows())],
      ["with years as names", fileOf("2019,2020,2021,2022,2023", rows())],
      ["with the label first", fileOf("label,a,b,c,d", rows().map(labelFirst))],
      ["with the class first", fileOf("Class,a,b,c,d", rows().map(labelFirst))],
      ["with the target first", fileOf("target,a,b,c,d", rows().map(labelFirst))],
      ["with y first", fileOf("y,a,b,c,d", rows().map(labelFirst))],
      ["with the species first", fileOf("species,a,b,c,d", rows().map(labelFirst))],
      ["with a class beside a coordinate y", fileOf("x,y,c,d,class", rows())],
      ["with the label first, as told", fileOf(undefined, rows().map(labelFirst)), { table: { label: "1" } }],
      [
        "with a label of another name, as told",
        fileOf("grade,a,b,c,d", rows().map(labelFirst)),
        { table: { label: "grade" } },
      ],
      ["with an index without a name", fileOf(",a,b,c,d,label", indexed(0))],
      ["with an index and counting names", fileOf(",0,1,2,3,4", indexed(0))],
      ["with the index Unnamed: 0", fileOf("Unnamed: 0,a,b,c,d,label", indexed(0))],
      ["with the index Unnamed: 0 and counting names", fileOf("Unnamed: 0,0,1,2,3,4", indexed(0))],
      ["with the column index", fileOf("index,a,b,c,d,label", indexed(1))],
      ["with the column Id", fileOf("Id,a,b,c,d,label", indexed(1))],
      ["with the column patient_id", fileOf("patient_id,a,b,c,d,label", indexed(84_230, 7))],
      [
        "with an index that was shuffled",
        fileOf(
          ",a,b,c,d,label",
          rows().map((line, row) => `${(row * 7) % 60},${line}`),
        ),
      ],
      [
        "with the id in the middle",
        fileOf(
          "a,id,b,c,d,label",
          rows().map((line, row) => line.replace(",", `,${row + 1},`)),
        ),
      ],
      [
        "with an id of words",
        fileOf(
          "id,a,b,c,d,label",
          rows().map((line, row) => `p-${row},${line}`),
        ),
      ],
      [
        "with R's row names",
        fileOf(
          "a,b,c,d,label",
          rows().map((line, row) => `"${row + 1}",${line}`),
        ),
      ],
      ["with an index without a header", fileOf(undefined, indexed(0))],
      [
        "with columns left out as told",
        fileOf(
          "a,size,b,c,d,label",
          rows().map((line) => line.replace(",", ",large,")),
        ),
        { table: { leaveOut: ["size"] } },
      ],
      [
        "with rows left out for missing values as told",
        fileOf("a,b,c,d,label", [...rows(), "NA,1,1,1,0", "1,,1,1,1", "1,1,1,1,?"]),
        { table: { skipMissing: true } },
      ],
    ];
    for (const [name, text, options] of same) {
      it(name, () => {
        const data = read(text, options);
        expectPlain(data);
        expect(data.report.understood).to.include(COUNTS);
      });
    }

    it("with words for labels, which are numbered in alphabetical order", () => {
      const words = ["iris setosa", "versicolor", "virginica"];
      for (const header of ["a,b,c,d,species", undefined, "a,b,c,d,Iris kind"]) {
        const data = read(
          fileOf(
            header,
            rows((klass) => words[klass] ?? ""),
          ),
        );
        expectPlain(data);
        expect(data.classNames).to.deep.equal(words);
      }
    });

    it("with a column of words that no name points to", () => {
      const data = read(fileOf(undefined, rows((klass) => ["B", "M", "N"][klass] ?? "").map(labelFirst)));
      expectPlain(data);
      expect(data.classNames).to.deep.equal(["B", "M", "N"]);
    });
  });

  describe("is refused by name", () => {
    const wide = rows().map((line, row) => `${line.slice(0, -1)}${(row * 0.37).toFixed(2)}`);
    itRefuses([
      ["a missing value", "DATASET_CSV_MISSING", () => read(fileOf(undefined, [...rows(), "1,NA,1,1,0"]))],
      ["a missing label", "DATASET_CSV_MISSING", () => read(fileOf(undefined, [...rows(), "1,1,1,1,"]))],
      ["a question mark", "DATASET_CSV_MISSING", () => read(fileOf(undefined, [...rows(), "1,?,1,1,0"]))],
      ["UTF-16", "DATASET_CSV_ENCODING", () => read(Buffer.from(`\uFEFF${rows().join("\n")}`, "utf16le"))],
      ["Latin-1", "DATASET_CSV_ENCODING", () => read(Buffer.from(fileOf("größe,b,c,d,label", rows()), "latin1"))],
      ["blanks between columns", "DATASET_CSV_SEPARATOR", () => read(rows().join("\n").replaceAll(",", "  "))],
      ["a spreadsheet's archive", "DATASET_CSV_SYNTAX", () => read(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))],
      ["a web page", "DATASET_CSV_COLUMNS", () => read("<!doctype html>\n<html>\n<body>\n</body>\n</html>\n")],
      ["points and commas as decimal marks", "DATASET_CSV_NUMBER", () => read("1,5;2;0\n1.5;2;1\n")],
      ["points between thousands", "DATASET_CSV_NUMBER", () => read("1.234,5;2;0\n1;2;1\n")],
      [
        "words in a column of values",
        "DATASET_CSV_NUMBER",
        () =>
          read(
            fileOf(
              "sex,b,c,d,label",
              rows().map((line) => line.replace(/^[^,]+/, "male")),
            ),
          ),
      ],
      ["a measure as the last column", "DATASET_CSV_LABEL_COLUMN", () => read(fileOf("a,b,c,d,length", wide))],
      [
        "two columns that may be the label",
        "DATASET_CSV_LABEL_COLUMN",
        () =>
          read(
            fileOf(
              "label,target,b,c,d",
              rows().map((line, row) => labelFirst(line).replace(/,[^,]+/, `,${row % 2}`)),
            ),
          ),
      ],
      [
        "another word in every row",
        "DATASET_LABEL",
        () =>
          read(
            fileOf(
              undefined,
              rows().map((line, row) => `${line.slice(0, -1)}n${row}`),
            ),
          ),
      ],
      ["words among numbers", "DATASET_LABEL", () => read(fileOf(undefined, [...rows(), "1,1,1,1,cat"]))],
      [
        "an unknown column",
        "DATASET_CSV_COLUMN_UNKNOWN",
        () => read(fileOf("a,b,c,d,label", rows()), { table: { label: "klass" } }),
      ],
      [
        "one class of number 0",
        "DATASET_CLASSES",
        () =>
          scaleData(
            read(
              fileOf(
                undefined,
                rows(() => "0"),
              ),
            ),
            undefined,
          ),
      ],
      [
        "one class of number 1",
        "DATASET_CLASSES",
        () =>
          scaleData(
            read(
              fileOf(
                undefined,
                rows(() => "1"),
              ),
            ),
            undefined,
          ),
      ],
      [
        "one class of a word",
        "DATASET_CLASSES",
        () =>
          scaleData(
            read(
              fileOf(
                undefined,
                rows(() => "cat"),
              ),
            ),
            undefined,
          ),
      ],
      [
        "an index alone",
        "DATASET_CSV_COLUMNS",
        () =>
          read(
            fileOf(
              "id,label",
              rows().map((line, row) => `${row},${line.slice(-1)}`),
            ),
          ),
      ],
      [
        "a label beyond the job's classes",
        "DATASET_LABEL",
        () =>
          read(
            fileOf(
              undefined,
              rows((klass) => String(klass + 1)),
            ),
            { classes: 3 },
          ),
      ],
      [
        "a word that is none of the job's classes",
        "DATASET_LABEL",
        () =>
          read(
            fileOf(
              undefined,
              rows(() => "dog"),
            ),
            { classNames: ["cat", "cow"] },
          ),
      ],
      [
        "a number where the job's classes are words",
        "DATASET_LABEL",
        () => read(fileOf(undefined, rows()), { classNames: ["a", "b", "c"] }),
      ],
      [
        "a row that does not fit the job's model",
        "DATASET_SHAPE",
        () => read(fileOf(undefined, rows()), { shape: [3], classes: 3 }),
      ],
    ]);

    it("with the place, the column's name and the next step", () => {
      const attempt = () => read(fileOf("a,b,c,d,label", [...rows(), "1,NA,1,1,0", "1,1,,1,0"]));
      expect(attempt).to.throw('a.csv, line 62, column 2 ("b"): the row has no value there; so do 1 other rows');
    });
  });

  describe("is warned of", () => {
    it("where the labels begin with 1", () => {
      const data = read(
        fileOf(
          undefined,
          rows((klass) => String(klass + 1)),
        ),
      );
      expect(data.classNames).to.deep.equal(["0", "1", "2", "3"]);
      expect(data.report.warnings.join()).to.include("no sample of class 0: do the labels begin with 1?");
    });

    it("where a class has no sample, as if another column were the label", () => {
      const data = read(
        fileOf(
          undefined,
          rows((klass) => String(klass * 100)),
        ),
      );
      expect(data.report.warnings.join()).to.include("no sample of class 1, 2, 3, 4, 5, and 193 more");
    });

    it("where the first line has a label that no other line has", () => {
      const data = read(fileOf(undefined, ["5.1,3,4,2,7", ...rows()]));
      expect(data.labels[0]).to.equal(7);
      expect(data.report.warnings.join()).to.include('line 1 has the label "7"');
    });

    it("where a first column without a name counts up, or numbers rows under another name", () => {
      expect(read(fileOf(undefined, indexed(1))).report.warnings.join()).to.include(
        "column 1 counts up and is left out",
      );
      const kept = read(fileOf("day,a,b,c,d,label", indexed(1)));
      expect(kept.inputShape).to.deep.equal([5]);
      expect(kept.report.warnings.join()).to.include('column 1 ("day") has another whole number in every row');
    });

    it("where one value leaves nothing of the others, by column and by divisor", () => {
      const text = fileOf("a,b,c,d,label", ["1e30,1,1,1,0", ...rows()]);
      for (const scaling of [undefined, "divisor"] as const) {
        const { warnings } = scaleData(read(text), scaling).report;
        expect(warnings[0]).to.include('column 1 ("a")').and.to.include("1e+30 in a.csv, line 2");
        expect(warnings).to.have.length(scaling === undefined ? 1 : 4);
      }
      expect(scaleData(PLAIN, undefined).report.warnings).to.deep.equal([]);
    });
  });

  it("accepts a shard of one class where the job says how many there are", () => {
    for (const options of [{ classes: 3 }, { classNames: ["0", "1", "2"] }]) {
      for (const label of ["0", "1"]) {
        const data = read(
          fileOf(
            undefined,
            rows(() => label),
          ),
          options,
        );
        expect(data.classNames).to.deep.equal(["0", "1", "2"]);
        expect(new Set(data.labels)).to.deep.equal(new Set([Number(label)]));
      }
    }
    const named = read(
      fileOf(
        undefined,
        rows(() => "cow"),
      ),
      { classNames: ["ant", "bee", "cow"] },
    );
    expect(new Set(named.labels)).to.deep.equal(new Set([2]));
  });

  it("keeps an index, and takes a first line for what it is told", () => {
    expect(read(fileOf(",a,b,c,d,label", indexed(0)), { table: { keepIndex: true } }).inputShape).to.deep.equal([5]);
    expect(read(fileOf("0,1,2,3,4", rows()), { table: { header: false } }).labels.length).to.equal(61);
    expect(read(fileOf(undefined, rows()), { table: { header: true } }).labels.length).to.equal(59);
  });

  it("names all columns that are unknown at once, each with the nearest of the header", () => {
    const text = fileOf("age,b,c,d,segment", rows());
    expect(() => read(text, { table: { label: "segmnet", leaveOut: ["agee", "b", "q9w8e7"] } })).to.throw(
      'a.csv: no column "agee" (did you mean age?), "q9w8e7", "segmnet" (did you mean segment?) among 5; the header',
    );
  });

  it("takes the values' names from a header that names all of them", () => {
    expect(read(fileOf(",a,b,c,d,label", indexed(0))).columnNames).to.deep.equal(["a", "b", "c", "d"]);
    expect(read(fileOf("label,a,b,c,d", rows().map(labelFirst))).columnNames).to.deep.equal(["a", "b", "c", "d"]);
    for (const header of [undefined, "a,,c,d,label", `a,b,c,${"d".repeat(81)},label`]) {
      expect(read(fileOf(header, rows())).columnNames, header).to.equal(undefined);
    }
  });

  it("prints rows, columns, separator, label and what was left out", () => {
    const { understood } = read(fileOf(",a,b,c,d,label", [...indexed(0), ",,,,,"])).report;
    expect(understood).to.deep.equal([
      "a.csv: 60 rows of 4 values, separated by commas",
      'the first line is a header; the label is in column 6 ("label")',
      "left out: column 1, which numbers or names the rows",
      COUNTS,
      "skipped: 1 lines of separators alone",
    ]);
  });
});
