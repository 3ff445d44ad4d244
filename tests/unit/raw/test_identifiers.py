"""Columns that tell who a patient is are found; usual columns of trials are not."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.raw.cells import ROW, Cells
from alsdecline.raw.csv_cells import read_csv_cells
from alsdecline.raw.identifiers import identifier_findings, without_dropped
from alsdecline.raw.rules import Rule
from alsdecline.raw.typed_cells import read_typed_cells
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_configuration
from alsdecline.settings.tables import Table
from alsdecline.table_files.dialect import PLAIN
from alsdecline.table_files.reading import TRANSPORT
from alsdecline.validation.consistency import check_trial
from support.short_trial import short_rows, short_trial
from support.trial_folder import (
    PROJECT,
    cell,
    copy_bundled_trial,
    findings_of,
    replaced,
)

DATES = ["2019-03-01", "2019-04-11", "2019-05-07", "2020-01-30", "2020-02-02"]


def _cells(**columns: list[str]) -> Cells:
    frame = pd.DataFrame(columns, dtype="object")
    frame[ROW] = range(2, len(frame) + 2)
    return Cells(tuple(columns), frame)


def _found(used: dict[str, str] | None = None, **columns: list[str]) -> list[str]:
    """Return what kinds of identifiers columns are found to hold."""
    found, _ = identifier_findings(
        _cells(**columns), Table(file="a.csv"), used or {}, pseudonyms=False
    )
    assert {f.rule for f in found} <= {Rule.IDENTIFIER}
    assert all(f.value == "" for f in found)
    for text in (text for texts in columns.values() for text in texts):
        assert len(text) < 5 or all(text not in f.message for f in found)
    return [f.message.split("seems to hold ")[1].split(" (")[0] for f in found]


def _names(text: str) -> list[str]:
    return text.split()


NAMES = ["Müller", "O'Brien", "Tanaka", "van Dijk", "Šimek"]
PHONES = ["+49 171 1234567", "0171 7654321", "030/998877", "001 23456", "0044 20794609"]
BIRTHS = ["1956-03-01", "1961-04-11", "1949-05-07", "1970-01-30", "1944-02-02"]

CALLED = {
    "names": [
        *("surname", "Last Name", "LASTNAME", "first_name", "FirstName", "Initials"),
        *("patient name", "PatientName", "PT_NAME", "subject.name", "name", "NAME"),
        *("Nachname", "Vorname", "Geburtsname", "nom", "Prénom", "nom_de_famille"),
        *("apellidos", "Apellido 1", "nombre", "cognome", "nome", "Nome paziente"),
        *("achternaam", "voornaam", "naam", "sobrenome", "apelido", "förnamn"),
        *("Επώνυμο", "ΕΠΩΝΥΜΟ", "όνομα", "Фамилия", "ФИО", "имя", "Фамилия пациента"),
        *("dm_surname", "pat_lastname", "maiden name", "caregiver_name"),
        *("氏名", "患者名"),
    ],
    "dates of birth": [
        *("dob", "DOB", "date of birth", "birth_date", "BirthDate", "BRTHDTC"),
        *("Geburtsdatum", "geb_dat", "date de naissance", "Date_Naissance", "ddn"),
        *("fecha de nacimiento", "data di nascita", "geboortedatum", "pt_dob"),
        *("Ημερομηνία γέννησης", "Дата рождения", "дата_рождения", "生年月日"),
        *("data_nascimento", "födelsedatum", "patient_dob", "birthday"),
    ],
    "addresses": [
        *("address", "street", "Home Address", "Straße", "Anschrift", "adresse"),
        *("rue", "dirección", "domicilio", "indirizzo", "endereço", "straat", "city"),
        *("Wohnort", "address_1", "patient_city", "ville", "woonplaats"),
        *("Διεύθυνση", "Адрес", "住所"),
    ],
    "e-mail addresses": ["email", "E-Mail", "courriel", "correo", "e_mail_address"],
    "telephone numbers": [
        *("phone", "telephone", "tel", "Mobile", "Telefon", "téléphone", "teléfono"),
        *("cellulare", "telefoon", "telemóvel", "phone_number", "Handy", "phone2"),
        *("patient_phone", "fax", "home_phone", "Tel. Nr."),
        *("Τηλέφωνο", "Телефон", "телефон пациента", "電話番号"),
    ],
    "record or national numbers": [
        *("mrn", "MRN", "medical_record_number", "hospital_no", "NHS number", "ssn"),
        *("social security", "passport no", "Versichertennummer", "KVNR", "NIR"),
        *("DNI", "codice fiscale", "BSN", "CPF", "personnummer", "historia clínica"),
        *("nhs_no", "national_id", "Fallnummer", "pat_mrn"),
    ],
    "postcodes": [
        *("postcode", "zip", "zip_code", "PLZ", "Postleitzahl", "code postal", "CAP"),
        *("código postal", "CEP", "postal_code", "patient_zip"),
    ],
}
CELLS = {
    "names": NAMES,
    "dates of birth": BIRTHS,
    "addresses": ["Hauptstr. 4", "12 Elm Street", "5 rue de la Paix", "x 1", "y 2"],
    "e-mail addresses": ["a@b.org", "c@d.org", "", "", "e@f.org"],
    "telephone numbers": PHONES,
    "record or national numbers": ["123456", "998877", "445566", "112233", "776655"],
    "postcodes": ["10115", "80331", "50667", "20095", "60311"],
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in CALLED.items() for name in names]
)
def test_a_column_that_is_called_as_an_identifier_is_one(kind: str, name: str) -> None:
    assert _found(visit_date=DATES, **{name: CELLS[kind]}) == [kind]


USUAL = _names(
    """
    STUDYID DOMAIN USUBJID SUBJID RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFICDTC RFPENDTC
    DTHDTC DTHFL SITEID INVID INVNAM AGE AGEU SEX RACE ETHNIC ARMCD ARM ACTARMCD ACTARM
    COUNTRY DMDTC DMDY VISITNUM VISIT VISITDY EPOCH SVSTDTC SVENDTC QSSEQ QSTESTCD
    QSTEST QSCAT QSSCAT QSORRES QSORRESU QSSTRESC QSSTRESN QSBLFL QSDTC QSDY EXTRT
    EXDOSE EXDOSU EXDOSFRM EXDOSFRQ EXROUTE EXSTDTC EXENDTC AETERM AEDECOD AEBODSYS
    AESEV AESER AEREL AEOUT AESTDTC AEENDTC AESPID AEREFID DSTERM DSDECOD DSCAT DSSTDTC
    CMTRT CMINDC MHTERM MHSTDTC VSTESTCD VSORRES LBTESTCD LBNAM LBORRES LBSPEC TRT01P
    TRT01PN TRT01A TRTSDT TRTEDT RANDDT SAFFL ITTFL PPROTFL AVISIT AVISITN ADT ADY AVAL
    BASE CHG PCHG ABLFL PARAM PARAMCD PARAMTYP ASEQ SRCDOM SRCVAR BMIBL HEIGHTBL
    WEIGHTBL DISONSDT CQ01NAM AGEGR1 REGION1 STRATA1 patient patient_id subject
    subject_id subjid pid participant id record_id screening_no randomisation_number
    rand_no rand_date randomisation_date arm treatment group allocation visit visit_name
    visit_date visit_week visit_day visit_no week month day date time timepoint
    assessment_date consent_date onset_date date_of_onset symptom_onset diagnosis_date
    date_of_diagnosis death_date dose dose_date date_of_first_dose start_date end_date
    exit_date cutoff status event reason term severity serious related outcome
    action_taken comments comment remarks note notes test test_name parameter_name
    drug_name medication_name study_name site_name centre center centre_name site_city
    site_country country_of_birth birth_weight birthplace_region city_size investigator
    investigator_name sponsor_name rater rater_initials_done age age_at_onset
    age_at_baseline sex gender ethnicity race height weight bmi bp_systolic bp_diastolic
    heart_rate pulse fvc fvc_percent fvc_litres svc snip alsfrs alsfrs_r alsfrs_total q1
    q2 q10 item_1 p1 x1r norris_limb norris_bulbar norris_total onset_site site_of_onset
    months_since_onset disease_duration delta_fs riluzole edaravone gene c9orf72 sod1
    genotype nfl_pg_ml creatinine alt ast hemoglobin cell_count white_cells csf_cells
    mobility mobile_phone_used telephone_visit visit_by_phone phone_contact_done
    email_sent emergency_contact_reached cap_size capsules cpr_performed peg peg_date
    niv niv_start tracheostomy wheelchair education years_of_education marital_status
    occupation smoker alcohol handedness address_problem_solving first_visit last_visit
    last_dose first_symptom last_contact last_known_alive name_of_test name_of_drug
    form_name unit_name lab_name variable_name
    """
)


def test_two_hundred_usual_names_of_columns_are_no_identifiers() -> None:
    """Whatever is in them: a few texts, numbers, dates and answers."""
    assert len(USUAL) > 200
    others = ["Пол", "Дата визита", "Имя врача", "Телефон центра", "Индекс массы тела"]
    others += ["Ηλικία", "Φύλο", "Όνομα φαρμάκου", "Βάρος γέννησης", "Größe", "Płeć"]
    others += ["年齢", "来院日", "診断名"]
    for content in (
        ["mild", "severe", "moderate", "none", "mild"],
        ["12", "15.5", "-3", "101", "7"],
        ["S01-001", "S01-002", "S02-001", "S02-002", "S03-001"],
        ["01-701-1015", "01-701-1023", "01-703-1028", "01-704-1034", "01-705-1033"],
        DATES,
        ["Y", "N", "Y", "", "N"],
    ):
        assert _found(**dict.fromkeys([*USUAL, *others], content)) == []


def _of_file(path: Path) -> Cells:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    if ".xpt" in path.name:
        return read_typed_cells(content, path.name, (), TRANSPORT, PLAIN)[0]
    return read_csv_cells(content, path.name)[0]


def _none_in(files: Iterable[Path]) -> None:
    for path in files:
        cells = _of_file(path)
        assert cells.header
        table = Table(file=path.name)
        assert identifier_findings(cells, table, {}, pseudonyms=False)[0] == []


def test_no_column_of_the_published_tables_is_an_identifier(reference: Path) -> None:
    _none_in(reference.glob("data/*/*.csv"))


@pytest.mark.slow
def test_no_column_of_the_raw_sdtm_files_is_an_identifier(reference: Path) -> None:
    _none_in(reference.glob("data/cdisc_pilot01/xpt/*.xpt*"))


def test_no_column_of_the_bundled_files_is_an_identifier() -> None:
    _none_in((PROJECT / "data").glob("*.csv"))


TEXTS = {
    "Called back at jo.doe@mail.example.org, no fever": "e-mail addresses",
    "Fall at home, call +44 20 7946 0958": "telephone numbers",
    "Ring (555) 123-4567 before the visit": "telephone numbers",
    "wife's tel. 0171 123456": "telephone numbers",
    "連絡先 090-1234-5671": "telephone numbers",
    "Ring 03-3456-7890 or 045-123-4567": "telephone numbers",
    "Seen by wife of Mr. Brown": "names",
    "Frau Müller gestürzt": "names",
    "Mme Dupont a refusé": "names",
    "pneumonia, DOB 12/03/1956": "dates of birth",
    "Patient geb. 12.03.1956": "dates of birth",
    "né le 12 mars 1956": "dates of birth",
    "died in hospital, MRN 00123456": "record or national numbers",
    "SSN 123-45-6789 on the form": "record or national numbers",
    "moved to 12 Elm Street": "addresses",
    "wohnt Hauptstraße 12": "addresses",
    "habite 12 rue de la Paix": "addresses",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_names_somebody_is_found_in_any_column(text: str) -> None:
    terms = ["Headache", "Fall", text, "Back pain", "ms relapse, 3 of 4"]
    assert _found(term=terms) == [TEXTS[text]]
    assert _found({"term": "term"}, term=terms) == [TEXTS[text]]


HARMLESS = [
    *("Fall 2019-03-01", "Hospital 2019-03-01 to 2019-03-04", "chart 12 2019"),
    *("Fall 3 days after visit 12", "2 x 500 mg paracetamol", "FVC 80-90 %, 3-4 times"),
    *("MS progression", "Mr scan of the head", "born healthy child", "cell count 12"),
    *("3 of 4 items, 10-12-2019", "ALSFRS-R 38 -> 35", "patient @ home since 12/2019"),
    *("Hospital stay 2019-03-01", "Phone visit", "12 Street drugs denied", "q 4-6 h"),
    *("5-HT reuptake 123-456", "Grade 3/4", "01/02/2019-03/02/2019", "via PEG 3 times"),
    *("001-0001-001", "01-701-1015", "01-02-2020", "kit 010-203-40", "Q0-12-3456"),
    *("tel. visit 2020-01-02", "Dr. visit", "hospital day 3 of 12", "ph 7.35 to 7.45"),
]


def test_texts_of_doctors_name_nobody() -> None:
    assert _found(term=HARMLESS) == []


BY_CONTENT = {
    "record or national numbers": [
        ["943 476 5919", "401 023 2137", "612 345 1006", "450 557 7104"],
        ["111222333", "123456782", "123456708", "123456721"],
        ["529.982.247-25", "111.444.777-35", "52998224725", "11144477735"],
        ["12345678Z", "X1234567L", "00000000T", "87654321X"],
        [
            "RSSMRA85T10A562S",
            "VRDLGU60A01H501P",
            "BNCNNA70B41F205X",
            "NRIPLA55M20L219A",
        ],
    ],
    "dates of birth": [BIRTHS, [f"{d[8:]}.{d[5:7]}.{d[:4]}" for d in BIRTHS]],
    "names": [["Smith, John", "Doe, Jane", "Müller, Hans-Peter", "Rossi, Maria"]],
    "telephone numbers": [PHONES],
    "postcodes": [["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH"]],
}


@pytest.mark.parametrize("kind", BY_CONTENT)
def test_a_column_of_no_telling_name_is_known_by_its_cells(kind: str) -> None:
    for texts in BY_CONTENT[kind]:
        assert _found(x7=texts) == [kind], texts


def test_dates_are_of_birth_by_the_other_dates_of_their_file() -> None:
    recent = [f"{1985 + i}-05-01" for i in range(5)]
    assert _found(x7=recent) == []
    assert _found(x7=recent, visit_date=DATES) == ["dates of birth"]
    assert _found({"x7": "visit_date"}, x7=recent, visit_date=DATES) == []
    assert _found({"x7": "x7"}, x7=recent, visit_date=DATES) == ["dates of birth"]
    assert _found(symptom_onset=recent, visit_date=DATES) == []


def test_a_year_of_birth_alone_is_none() -> None:
    assert _found(birth_date=["1956", "1961", "", "1949", "1970"]) == []
    assert _found(birth_date=["1956-03", "1961-04", "", "1949", "1970"]) != []


@pytest.mark.parametrize("name", ["site", "site_code", "SITEID", "centre", "kit_no"])
@pytest.mark.parametrize("first", ["1001", "1950", "2001", "2060"])
def test_numbers_of_sites_are_no_dates_of_birth(name: str, first: str) -> None:
    sites = [f"{first}-{i:02}" for i in (1, 2, 1, 3, 2)]
    assert _found(visit_date=DATES, x7=DATES, **{name: sites}) == []
    assert _found(visit_date=DATES, **{name: BIRTHS}) == ["dates of birth"]


def test_months_of_birth_are_dates_of_birth() -> None:
    months = [date[:7] for date in BIRTHS]
    for name in ("x7", "birth_code", "site_born"):
        assert _found(visit_date=DATES, **{name: months}) == ["dates of birth"]
    assert _found(visit_date=DATES, x7=["1001-01", "1001-02", "1002-01", "", ""]) == []


def test_measures_histories_and_terms_of_patients_name_nobody() -> None:
    cap = ["104.2150", "98.3301", "110.0042", "87.1234"]
    dates = ["2001-03-04", "1999-05-06", "2003-07-08"]
    assert _found(CAP=cap) == []
    assert _found(PDDXDT=dates, VISDT=["2024-01-15", "2024-02-15", "2024-03-15"]) == []
    terms = ["Pain, Abdominal", "Pain, Back", "Nausea, Mild"]
    assert _found({"AETERM": "term"}, AETERM=terms) == []
    assert _found({"AETERM": "term"}, AETERM=[*terms, "Frau Müller fell"]) != []


def test_an_empty_column_and_one_of_answers_hold_nothing() -> None:
    assert (
        _found(surname=[""] * 3, email=["Y", "N", ""], phone=["done", "", "nd"]) == []
    )


def test_the_trials_own_numbers_may_look_like_telephone_numbers() -> None:
    assert _found(subject_id=["201-701-1015", "201-701-1023"]) == []
    assert _found(x7=["201-701-1015", "201-701-1023"]) == ["telephone numbers"]


def test_a_declared_column_is_none_and_a_dropped_one_is_gone() -> None:
    cells = _cells(subject_id=["1", "2", "3"], city=["Ulm", "Bonn", "Kiel"])
    declared = Table(file="a.csv", no_identifier={"city": "Of the site."})
    assert identifier_findings(cells, declared, {}, pseudonyms=False)[0] == []
    left, found = without_dropped(cells, Table(file="a.csv", drop=["city"]))
    assert (left.header, list(left.frame), found) == (
        ("subject_id",),
        ["subject_id", ROW],
        [],
    )


def test_a_dropped_column_is_in_no_finding_and_an_identifier_in_no_other(
    tmp_path: Path,
) -> None:
    """Headers, ranges, unknown patients: what other rules find shows no identity."""
    trial = copy_bundled_trial(tmp_path / "trial")
    subjects = trial / "data/subjects.csv"
    header, *rows = subjects.read_text(encoding="utf-8").splitlines()
    named = [f"{row},Zappel{chr(97 + i)}" for i, row in enumerate(rows)]
    subjects.write_text("\n".join([f"{header},nachname", *named]), encoding="utf-8")
    (found,) = findings_of(trial)
    assert (found.rule, found.column, found.row) == ("identifier", "nachname", 1)
    assert "`drop: [nachname]`" in found.message
    file = "    file: data/subjects.csv\n"
    replaced("config.yaml", file, f"{file}    drop: [nachname]\n")(trial)
    assert findings_of(trial) == []
    cell("data/visits.csv", 5, "subject_id", "Frau Zappelphilipp")(trial)
    cell("data/subjects.csv", 1, "sex", "gendre")(trial)
    told = "\n".join(str(f) for f in findings_of(trial))
    assert "unknown_patient" in told
    assert "column_missing" in told
    assert "zappel" not in told.casefold()
    assert "nachname" not in told


def test_what_one_table_drops_of_a_file_no_other_reads(tmp_path: Path) -> None:
    """As where subjects and visits are in one file."""
    rows = [
        f"{row},{'Zappel' if i else 'surname'}" for i, row in enumerate(short_rows())
    ]
    config = short_trial(tmp_path, rows=rows)
    kept = config.read_text(encoding="utf-8")
    # through the file, where what the twelve lines do not say is filled in
    plan = data_plan(read_configuration(config).settings)
    assert {f.column for f in check_trial(plan, tmp_path)[1]} == {"surname"}
    file = "file: letters.csv,"
    config.write_text(kept.replace(file, f"{file} drop: [surname],"), encoding="utf-8")
    plan = data_plan(read_configuration(config).settings)
    assert check_trial(plan, tmp_path)[1] == []


def test_a_file_that_cannot_be_read_tells_nobody(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    path = trial / "data/adverse_events.csv"
    text = path.read_text(encoding="utf-8").replace("Fall", "Frau Müller gestürzt")
    path.write_bytes(text.encode("latin-1"))
    (found,) = findings_of(trial)
    assert (found.rule, found.column, found.value) == ("encoding", "term", "")
    assert "ller" not in str(found)
