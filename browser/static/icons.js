// A picture for every lever, drawn in its text's colour.
import { signs } from "./marks.js";

const own = {
  "reception.coverage": "M8 1a7 7 0 1 0 .01 0zM8 3.500a4.500 4.500 0 1 1-.01 0zM8 6a2 2 0 1 0 .01 0z",
  "reception.course_hours": "M1 3h9v7H5l-3 3v-3H1zM11 6h4v6h-1v2.500L11.500 12H8v-1.500h3z",
  "reception.one_stop": "M1 7h14v2H1zM2 10h12v5H2zM8 1a2.200 2.200 0 1 0 .01 0z",
  "reception.places": "M2 2h3v5h6V5h3v9h-2v-3H4v3H2z",
  "facilities.funding": "M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z",
  "facilities.mixing": "M5.500 3a5 5 0 1 0 .01 0zM10.500 3a5 5 0 1 1-.01 0zM10.500 4.500a3.500 3.500 0 1 0 .01 0z",
  "facilities.competence": "M2 2h12v8H8l-4 4v-4H2zM4 4v1.200h8V4zM4 6.800V8h5.500V6.800z",
  "work.support": "M6 2h4v2h4v10H2V4h4zM7.200 3.200V4h1.600v-.8zM2 8v1h12V8z",
  "work.enforcement": "M7.300 1h1.400v2l4.300.5L15.500 9a2.500 2 0 0 1-5 0L12.500 4.800 8.700 4.400V13H12v2H4v-2h3.300V4.400L3.500 4.800 5.500 9a2.500 2 0 0 1-5 0L3 3.500 7.300 3z",
  "work.retention": "M8 1a2.500 2.500 0 0 1 .8 4.800V12c2-.3 3.500-1.500 4-3l1.500.8C13.500 13 11 14.500 8 15c-3-.5-5.500-2-6.300-5.200L3.200 9c.5 1.500 2 2.700 4 3V5.800A2.500 2.500 0 0 1 8 1z",
  "admission.permit": "M3 1h7l3 3v11H3zM5 6v1h6V6zM5 8.500v1h6v-1zM5 11v1h4v-1z",
  "admission.arrivals": "M1 7h7V4l5 4-5 4V9H1zM13.500 2H15v12h-1.500z",
  "housing.building": "M2 15V6l5-4 5 4v1h2v8zM5 8v2h1.500V8zM8.500 8v2H10V8zM5 12v3h1.500v-3z",
  "housing.attraction": "M8 1l2 5h5l-4 3.200L12.500 15 8 11.500 3.500 15 5 9.200 1 6h5z",
  "living.capacity": "M4 3.500a2 2 0 1 0 .01 0zM12 3.500a2 2 0 1 0 .01 0zM8 2a2.300 2.300 0 1 0 .01 0zM0 14c0-6 6-6 7-4 .7-1.500 3.300-1.500 4 0 1-1.500 5-1.500 5 4z",
  "living.associations": signs.association,
};
const space = "http://www.w3.org/2000/svg";
export function icon(row) {
  const drawing = row.lever === "facilities.funding" && !row.parts.length ? signs[row.name.split(".").at(-1)] : own[row.lever];
  const svg = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
  for (const [key, value] of Object.entries({ class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" })) svg.setAttribute(key, value);
  path.setAttribute("d", drawing ?? "M3 3h10v10H3z"); path.setAttribute("fill", "currentColor"); path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}
