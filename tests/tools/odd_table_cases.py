"""The odd and wrong tables themselves; see `tests.tools.odd_tables`."""

import gzip
from decimal import Decimal
from pathlib import Path

import polars as pl

from tests.tools.odd_tables import DUTCH, HEAD, Odd, districts, in_dutch_coordinates, ods, outlines, parquet, workbook

TWO = {"A": 12_000, "B": 950}
FOUR = [f"WK0513{at:02d}" for at in range(4)]
ALL_FOUR = dict.fromkeys(FOUR, 1000)
ROUNDED = DUTCH + "".join(
    f"BU0513{at:04d};Buurt {at};{r};{n};{e};{o}\n"
    for at, (r, n, e, o) in enumerate(
        [
            (15, 10, 5, 5),
            (35, 30, 5, 5),
            (100, 90, 10, 15),
            (505, 410, 30, 80),
            (20, 15, 0, 0),
            (5, 0, 0, 0),
            (200, 150, 20, 35),
            (1000, 800, 100, 100),
            (45, 40, 0, 10),
            (60, 50, 5, 10),
            (300, 250, 25, 30),
        ]
    )
)
SHEET = [
    ["code", "naam", "residents", "origin_netherlands", "origin_europe", "origin_outside_europe"],
    ["WK051300", "A", 12000, 0.8, 0.1, 0.1],
    ["WK051301", "B", 950, 0.7, 0.2, 0.1],
]
TWO_DISTRICTS = {"WK051300": 12_000, "WK051301": 950}
STATLINE = (
    '\ufeff"Wijken en buurten";"Regioaanduiding/Gemeentenaam (naam)";"Bevolking/Aantal inwoners (aantal)";"Bevolking/'
    'Bevolking naar herkomst/Herkomstland/Nederland (aantal)";"Bevolking/Bevolking naar herkomst/Herkomstland/Europa '
    '(exclusief Nederland)  (aantal)";"Bevolking/Bevolking naar herkomst/Herkomstland/Buiten Europa  (aantal)"\n'
    '"Nederland";"Nederland     ";2500;2000;200;300\n"Gouda";"Gouda     ";2500;2000;200;300\n'
    '"Wijk 00 Binnenstad";"Gouda     ";1500;1200;100;200\n"Wijk 01 Noord";"Gouda     ";1000;800;100;100\n'
)
STATLINE_CODES = (
    '\ufeff"Wijken en buurten";"Regioaanduiding/Gemeentenaam (naam)";"Regioaanduiding/Codering (code)";"'
    'Bevolking/Aantal inwoners (aantal)"\n'
    '"Nederland";"Nederland     ";"NL00      ";2500\n"Gouda";"Gouda     ";"GM0513    ";2500\n'
    '"Wijk 00 Binnenstad";"Gouda     ";"WK051300  ";1500\n"Wijk 01 Noord";"Gouda     ";"WK051301  ";1000\n'
)
STATLINE_READ = {"WK051300": 1500, "WK051301": 1000}


def stray(path: Path) -> None:
    """Write a workbook whose last cell is the last that there can be."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Blad1")
        for row, cells in enumerate(SHEET):
            sheet.write_row(row, 0, cells)
        sheet.write(1_048_575, 16_383, "x")


NUMBERS = [
    Odd("a point parts thousands: `12.000` beside `950`", HEAD + "A,12.000,0.8,0.2\nB,950,0.6,0.4\n",
        "point parts thousands", TWO),
    Odd("`12.000` beside `3.450`: residents are whole", HEAD + "A,12.000,0.8,0.2\nB,3.450,0.6,0.4\n",
        "point parts thousands", {"A": 12_000, "B": 3450}),
    Odd("`12.000` and `3.000` with decimal points elsewhere: both readings are possible",
        HEAD + "A,12.000,0.8,0.2\nB,3.000,0.6,0.4\n",
        "row 2, column residents: '12.000' can be read in two ways", None),
    Odd("the same with decimal commas elsewhere", HEAD.replace(",", ";") + "A;12.000;0,8;0,2\nB;3.000;0,6;0,4\n",
        "point parts thousands", {"A": 12_000, "B": 3000}),
    Odd("a comma parts thousands, as in English", HEAD + 'A,"12,000",0.8,0.2\nB,950,0.6,0.4\n',
        "comma parts thousands", TWO),
    Odd("thousands parted by a blank or an apostrophe", HEAD + "A,12 000,0.8,0.2\nB,1'950,0.6,0.4\n",
        "There is no column municipality", {"A": 12_000, "B": 1950}),
    Odd("an apostrophe before a number", HEAD + "A,12000,0.8,0.2\nB,'950,0.6,0.4\n",
        "row 3, column residents: ''950' is not a number", None),
    Odd("a point and a comma in one number", HEAD.replace(",", ";") + "A;12.000,0;0,8;0,2\nB;950;0,6;0,4\n",
        "There is no column municipality", TWO),
    Odd("a row with the total shows how to read `12.000`, `1.000` and `2.000`",
        HEAD + "A,12.000,0.8,0.2\nB,1.000,0.6,0.4\nC,500,0.6,0.4\nTotaal,13.500,,\n", "Rows with totals were left out",
        {"A": 12_000, "B": 1000, "C": 500}),
    Odd("density `5.200` beside `950.5`: the point means both",
        HEAD.replace("\n", ",density\n") + "A,1200,0.8,0.2,5.200\nB,950,0.6,0.4,950.5\n",
        "column density: '5.200' can be read in two ways", None),
    Odd("percent signs", HEAD + "A,12000,80%,20%\nB,950,60 %,40 %\n",
        r"Columns origin_\* have percent signs", TWO),
    Odd("percent signs in some rows only", HEAD + "A,12000,80%,20%\nB,950,0.6,0.4\n",
        "row 3, column origin_native: '0.6' has no percent sign, and other rows have one", None),
    Odd("euro signs and thousands in income",
        HEAD.replace("\n", ",income\n") + "A,12000,0.8,0.2,€ 24.500\nB,950,0.6,0.4,€ 900\n",
        "Column income: the point parts thousands", TWO),
    Odd("words for a number", HEAD + "A,twelve,0.8,0.2\nB,950,0.6,0.4\n", "'twelve' is not a number", None),
    Odd("a negative number of residents", HEAD + "A,-5,0.8,0.2\n", "'-5' is outside the range", None),
]  # fmt: skip

GROUPS = [
    Odd("numbers of people instead of shares", HEAD + "A,12000,9600,2400\nB,950,570,380\n",
        r"Columns origin_\* hold numbers of people", TWO),
    Odd("numbers of people with a point for thousands", HEAD + "A,12.000,9.600,2.400\nB,950,570,380\n",
        r"Columns origin_\*: a mark parts thousands", TWO),
    Odd("numbers rounded to 5, as CBS does", ROUNDED, "as rounded numbers do",
        {f"BU0513{at:04d}": r for at, r in enumerate([15, 35, 100, 505, 20, 5, 200, 1000, 45, 60, 300])}),
    Odd("neither shares nor percents nor numbers", HEAD + "A,12000,800,900\n", "'800' is outside the range", None),
    Odd("shares that add up to 0.9", HEAD + "A,12000,0.5,0.4\nB,950,0.6,0.4\n", "the shares add up to 0.9", None),
    Odd("one row in percent, the others in shares", HEAD + "A,12000,80,20\nB,950,0.6,0.4\n",
        "the percents add up to 1", None),
    Odd("no dwellings where people live",
        HEAD.replace("\n", ",dwellings\n") + "A,12000,0.8,0.2,5000\nB,950,0.6,0.4,0\n",
        "In 1 areas with residents dwellings is 0: it counts as unknown", TWO),
]  # fmt: skip

ROWS = [
    Odd("a wrong row that was not asked for", HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\nC,many,7,9\n",
        "There is no column municipality", TWO, requested={"codes": ["A", "B"]}),
    Odd("the same row, asked for", HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\nC,many,7,9\n",
        "row 4, column residents: 'many' is not a number", None, requested={"codes": ["A", "C"]}),
    Odd("a row with totals", HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\nTotaal,12950,0.79,0.21\n",
        "row 4 'Totaal'", TWO),
    Odd("a row with totals that has no code", HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\n,12950,0.79,0.21\n",
        "Rows with totals were left out: row 4", TWO),
    Odd("a row that may be a total: as many residents as all others",
        HEAD + "A,1000,0.8,0.2\nB,2000,0.6,0.4\nC,500,0.6,0.4\nD,700,0.6,0.4\nZ,4200,0.7,0.3\n",
        "Row 6 .'Z'. has as many residents as all others together",
        {"A": 1000, "B": 2000, "C": 500, "D": 700, "Z": 4200}),
    Odd("the country, a municipality, districts and a neighbourhood in one table",
        DUTCH + "NL00;Nederland;2000;0,8;0,1;0,1\nGM0513;Gouda;2000;0,8;0,1;0,1\nWK051300;A;1000;0,8;0,1;0,1\n"
        "BU05130001;a;600;0,8;0,1;0,1\nWK051301;B;1000;0,8;0,1;0,1\n",
        "The table holds 1 neighbourhoods .buurten., 2 districts .wijken., 1 municipalities",
        {"WK051300": 1000, "WK051301": 1000}),
    Odd("a note below the table", HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\nBron: CBS 2024\n",
        "row 4 'Bron: CBS 2024'", TWO),
    Odd("a note whose year falls in the column of residents",
        HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\nBron: CBS,2024\n", "row 4 'Bron: CBS 2024'", TWO),
    Odd("titles above the table", "Kerncijfers wijken 2024\nGouda\n\n" + HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\n",
        "Above the table stood: Kerncijfers wijken 2024; Gouda", TWO),
    Odd("a header in two lines", "code,residents,origin,\n,,native,other\nA,12000,0.8,0.2\nB,950,0.6,0.4\n",
        "The header of 2 lines was read as one", TWO),
    Odd("a separator too many at the end of each row",
        HEAD.replace("\n", ",\n") + "A,12000,0.8,0.2,\nB,950,0.6,0.4,\n", "There is no column municipality", TWO),
    Odd("residents that are not known", HEAD + "A,12000,0.8,0.2\nB,.,0.6,0.4\n",
        "1 areas without residents, or with an unknown number, were left out: B", {"A": 12_000}),
    Odd("a code twice", HEAD + "A,12000,0.8,0.2\nA,950,0.6,0.4\n",
        "row 3, column code: 'A' is the code of row 2", None),
    Odd("two years in one table", DUTCH.replace("\n", ";Perioden\n")
        + "".join(f"WK0513{c};W;{r};0,8;0,1;0,1;{y}\n" for y, r in ((2022, 900), (2023, 950)) for c in ("00", "01")),
        "row 4, column code: 'WK051300' is the code of row 2 too", None),
]  # fmt: skip

NAMES = [
    Odd("codes without all zeros, and in small letters", districts().replace("WK0513", "wk513"),
        "4 codes of CBS were written in full", ALL_FOUR),
    Odd("municipalities by number", districts().replace("name;", "name;municipality;").replace(";A;", ";A;513;")
        .replace(";B;", ";B;513;").replace(";C;", ";C;513;").replace(";D;", ";D;513;"),
        "Column municipality: 4 codes of CBS were written in full", ALL_FOUR),
    Odd("another name of a column", HEAD.replace("residents", "Population") + "A,12000,0.8,0.2\nB,950,0.6,0.4\n",
        "Population → residents", TWO),
    Odd("a column that is misspelled", HEAD.replace("\n", ",facility_libary\n") + "A,12000,0.8,0.2,1\n",
        "facility_libary: the column is unknown; did you mean facility_library", None),
    Odd("Latin-1 instead of UTF-8", (HEAD + "Bé,12000,0.8,0.2\n").encode("latin-1"), "is not in UTF-8", None),
    Odd("UTF-16", (HEAD + "A,12000,0.8,0.2\n").encode("utf-16"), "looks like UTF-16", None),
    Odd("20,000 columns", HEAD.strip() + "," + ",".join(f"c{n}" for n in range(20_000)) + "\nA,1,0.8,0.2\n",
        "has 20,004 columns", None),
    Odd("an export of StatLine without codes", STATLINE, "has names of areas but no codes", None),
    Odd("the same, with an export that has the codes beside it", STATLINE, "was put beside", STATLINE_READ,
        beside={"codes.csv": STATLINE_CODES}, requested={"extra": "codes.csv"}),
    Odd("key figures of CBS per year: short names",
        "gwb_code_10,regio,gm_naam,recs,a_inw,a_nl_all,a_eur_al,a_neu_al,a_lan_ha\nNL00,Nederland,Nederland,Land,1950,1600,"
        "150,200,90\nGM0513,Gouda,Gouda,Gemeente,1950,1600,150,200,90\nWK051300,A,Gouda,Wijk,1000,800,100,100,.\n"
        "WK051301,B,Gouda,Wijk,950,800,50,100,40\n", "Columns of CBS that were recognised: code .gwb_code_10.",
        {"WK051300": 1000, "WK051301": 950}),
]  # fmt: skip

FILES = [
    Odd("an Excel workbook with a title, a sheet of notes and a note below",
        workbook(("Tabel", [["Kerncijfers"], *SHEET, ["Bron: CBS"]]), ("Toelichting", [["x"], ["y"]])),
        "Of the workbook the sheet 'Tabel' was read", TWO_DISTRICTS, file="kwb-2024.xlsx"),
    Odd("a workbook with merged cells above the header",
        workbook(("Tabel", [["", "", "Bevolking", "", "", ""], *SHEET]), merge="C1:F1"),
        "The header of 2 lines was read as one|Above the table", TWO_DISTRICTS, file="areas.xlsx"),
    Odd("a number 1.234 in a workbook is never 1234",
        workbook(("Blad1", [[*SHEET[0], "density"], [*SHEET[1], 1.234], [*SHEET[2], "x"]])),
        "Address density: unknown in 1 of 2 areas", TWO_DISTRICTS, file="areas.xlsx"),
    Odd("text `12.000` in a workbook is decided as elsewhere",
        workbook(("Blad1", [SHEET[0], ["WK051300", "A", "12.000", 0.8, 0.1, 0.1], SHEET[2]])),
        "point parts thousands", TWO_DISTRICTS, file="areas.xlsx"),
    Odd("a workbook of LibreOffice", ods(SHEET), "it is read from the codes", TWO_DISTRICTS, file="areas.ods"),
    Odd("a damaged workbook", b"PK\x03\x04 cut short", "cannot be unpacked", None, file="areas.xlsx"),
    Odd("a workbook with a stray cell a million rows down", stray,
        "has a sheet of 1,048,576 rows and 16,384 columns", None, file="areas.xlsx"),
    Odd("a packed table", gzip.compress((HEAD + "A,12000,0.8,0.2\nB,950,0.6,0.4\n").encode(), mtime=0),
        "There is no column municipality", TWO, file="areas.csv.gz"),
    Odd("a packed table that is cut short", gzip.compress(HEAD.encode() * 50, mtime=0)[:-12],
        "cannot be unpacked", None, file="areas.csv.gz"),
    Odd("Parquet with categories and decimal numbers", parquet(pl.DataFrame(
        {"code": pl.Series(["A", "B"], dtype=pl.Categorical), "residents": [12_000, 950],
         "origin_native": [Decimal("0.80"), Decimal("0.60")], "origin_other": [Decimal("0.20"), Decimal("0.40")]})),
        "There is no column municipality", TWO, file="areas.parquet"),
    Odd("a text under the name of a map", "not a map", "cannot be read as a map", None, file="areas.gpkg"),
    Odd("an unknown kind of file", HEAD, "unknown kind '.docx'", None, file="areas.docx"),
]  # fmt: skip

MAPS = [
    Odd("outlines with latitude first", districts(), "degrees with latitude first|second number first", ALL_FOUR,
        beside={"map.geojson": outlines(FOUR, None, lambda x, y: (y, x))}, requested={"geometry": "map.geojson"}),
    Odd("outlines in Dutch coordinates, without a word of it", districts(), "Dutch coordinates .EPSG:28992.", ALL_FOUR,
        beside={"map.geojson": outlines(FOUR, None, in_dutch_coordinates)}, requested={"geometry": "map.geojson"}),
    Odd("outlines of Dutch areas in Africa", districts(), "places Dutch areas outside the Netherlands", None,
        beside={"map.geojson": outlines(FOUR, None, lambda x, y: (x, y - 50))}, requested={"geometry": "map.geojson"}),
    Odd("outlines in coordinates that nothing tells", districts(), "coordinates beyond degrees", None,
        beside={"map.geojson": outlines(FOUR, None, lambda x, y: (x * 1e7, y * 1e7))},
        requested={"geometry": "map.geojson"}),
    Odd("outlines of none of the areas", districts(), "has outlines of 0 of 4 areas", None,
        beside={"map.geojson": outlines(["WK999901"])}, requested={"geometry": "map.geojson"}),
    Odd("outlines of one of four areas", districts(), "has outlines of 1 of 4 areas", None,
        beside={"map.geojson": outlines(FOUR[:1])}, requested={"geometry": "map.geojson"}),
    Odd("outlines of three of four areas", districts(), "1 of 4 areas have no outline: WK051303", ALL_FOUR,
        beside={"map.geojson": outlines(FOUR[:3])}, requested={"geometry": "map.geojson"}),
    Odd("outlines whose codes have neither letters nor zeros", districts(),
        "compared without letters and zeros", ALL_FOUR,
        beside={"map.geojson": outlines([code[3:] for code in FOUR])}, requested={"geometry": "map.geojson"}),
    Odd("a code that belongs to another area in the map", districts().replace(";A;", ";Korte Akkeren;"),
        "1 codes belong to areas of another name", ALL_FOUR,
        beside={"map.geojson": outlines(FOUR, ["Bloemendaal", "B", "C", "D"])}, requested={"geometry": "map.geojson"}),
    Odd("longitude and latitude exchanged",
        districts(2).replace("europe\n", "europe;longitude;latitude\n").replace("0,1;0,1\n", "0,1;0,1;52,01;4,71\n"),
        "longitude and latitude are exchanged", {"WK051300": 1000, "WK051301": 1000}),
]  # fmt: skip

CASES = [*NUMBERS, *GROUPS, *ROWS, *NAMES, *FILES, *MAPS]
