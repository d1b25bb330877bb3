const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Every other part is a sheet, so that it need not be known ahead how many there will be. */
export const CONTENT_TYPES =
  `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
  `<Default Extension="xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
  `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`;

export const ROOT_RELATIONS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

/** Places in the list of formats below. */
export const STYLE = {
  general: 0,
  header: 1,
  text: 2,
  quoted: 3,
  instant: 4,
  date: 5,
  /** By the digits behind the point. */
  amount: [6, 0, 7, 8, 9],
} as const;

const FORMATS: readonly string[] = ['yyyy-mm-dd hh:mm:ss.000', 'yyyy-mm-dd', '0.000', '0.0000'];
/** Ids of our own formats begin here. */
const OWN = 164;
const [INSTANT, DATE, THREE, FOUR] = [OWN, OWN + 1, OWN + 2, OWN + 3];
/** Built in: text, whole number, two digits. */
const [TEXT, WHOLE, TWO] = [49, 1, 2];

export const STYLES =
  `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="${FORMATS.length}">${FORMATS.map((code, index) => `<numFmt numFmtId="${OWN + index}" formatCode="${code}"/>`).join('')}</numFmts>` +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="10">' +
  [format(0), format(0, 'fontId="1" applyFont="1"'), format(TEXT), format(TEXT, 'quotePrefix="1"'), format(INSTANT), format(DATE), format(WHOLE), format(TWO), format(THREE), format(FOUR)].join('') +
  '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

function format(number: number, more = ''): string {
  return `<xf numFmtId="${number}" ${more.startsWith('fontId') ? '' : 'fontId="0" '}fillId="0" borderId="0" xfId="0" applyNumberFormat="1" ${more}/>`;
}

export function workbook(sheets: number): string {
  const list = numbered(sheets).map((sheet) => `<sheet name="${sheet === 1 ? 'Export' : `Export ${sheet}`}" sheetId="${sheet}" r:id="rId${sheet}"/>`);
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${list.join('')}</sheets></workbook>`;
}

export function workbookRelations(sheets: number): string {
  const list = numbered(sheets).map((sheet) => `<Relationship Id="rId${sheet}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${sheet}.xml"/>`);
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`;
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A, B … Z, AA … for 0, 1 … 25, 26 … */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : columnLetters(rest)) + String.fromCharCode(65 + (index % 26));
}

/** XML 1.0 has no way to write these; Office Open XML has (ECMA-376 Part 1, §22.9.2.19 ST_Xstring), and takes what looks like it for it. */
const UNWRITABLE = /[^\t\n\P{Cc}]|[\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)/gu;
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function xmlText(text: string): string {
  return text
    .replace(UNWRITABLE, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>"]/g, (character) => NAMED[character]!);
}
