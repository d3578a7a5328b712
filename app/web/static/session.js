// The dose as it is worked out, while it is typed.

const form = document.getElementById("plan");
const sum = document.getElementById("sum");
const read = (name) => Number(form.elements[name].value.replace(",", "."));

function tell() {
  const [perKg, kg, typed, minutes] = ["planned_mg_per_kg", "weight_kg", "planned_dose_mg", "planned_minutes"].map(read);
  const mg = typed || Math.round(perKg * kg * 10) / 10;
  const how = typed ? (kg ? `${mg} mg / ${kg} kg = ${(mg / kg).toFixed(2)} mg/kg` : `${mg} mg`) : `${perKg} mg/kg x ${kg} kg = ${mg} mg`;
  const rate = form.elements.route.value === "iv" && minutes ? `; over ${minutes} min ${(mg / minutes).toFixed(2)} mg/min` : "";
  sum.textContent = mg > 0 ? how + rate : "";
}

form.addEventListener("input", tell);
tell();
