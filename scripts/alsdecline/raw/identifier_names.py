"""Which columns are called as those are that tell who somebody is.

In the languages in which case report forms are kept: names are compared without
accents, capitals and marks between words, and each word by itself.
"""

import re
import unicodedata
from typing import Literal

Kind = Literal[
    "names",
    "dates of birth",
    "addresses",
    "e-mail addresses",
    "telephone numbers",
    "record or national numbers",
    "postcodes",
]
"""What tells who somebody is."""


def words(text: str) -> frozenset[str]:
    """Return the words of a list of them."""
    return frozenset(text.split())


_CALLED: dict[Kind, str] = {
    "names": """
        surname lastname namelast firstname namefirst forename givenname middlename
        maidenname familyname
        fullname patientname subjectname participantname nameofpatient nickname initials
        initial ptinit patinit subjinit
        nachname vorname familienname geburtsname zuname patientenname initialen
        nomdefamille nompatient prenom nomdenaissance nomdejeunefille initiales
        apellido apellidos nombrepaciente nombrecompleto nombreyapellidos iniciales
        cognome nomepaziente nomecognome iniziali
        achternaam voornaam tussenvoegsel meisjesnaam initialen
        sobrenome apelido nomecompleto nomepaciente iniciais
        efternamn fornamn etternavn efternavn fornavn sukunimi etunimi nazwisko imie
        prijmeni jmeno
        επώνυμο ονοματεπώνυμο πατρώνυμο
        фамилия фио отчество прізвище фамилно
        氏名 姓名 患者氏名 患者名
    """,
    "dates of birth": """
        born dob dateofbirth birthdate birthdt birthdtc brthdtc brthdt brthdat birthday
        birth bdate birthmonth
        geburtsdatum geburtstag geburt geburtsmonat gebdatum gebdat gebdt
        datenaissance datedenaissance naissance ddn
        fechanacimiento fechadenacimiento nacimiento fnac fechanac
        datanascita datadinascita nascita
        geboortedatum geboorte gebdat
        datanascimento datadenascimento nascimento
        fodelsedatum fodselsdato fodselsdag fodselsdata syntymaaika dataurodzenia
        datumnarozeni
        ημερομηνίαγέννησης γέννηση γέννησης
        датарождения рождения датанародження датанараждане
        生年月日
    """,
    "addresses": """
        address addr street streetaddress homeaddress housenumber city town
        anschrift adresse strasse hausnummer wohnort wohnadresse
        rue ville domicile adressepostale
        direccion calle domicilio ciudad
        indirizzo citta residenza
        adres straat straatnaam huisnummer woonplaats
        endereco morada rua cidade
        adress gata osoite ulica
        διεύθυνση οδός
        адрес адреса улица вулиця
        住所
        ipaddress latitude longitude gps geolocation
    """,
    "e-mail addresses": """
        email mail emailaddress mailaddress emailadresse mailadresse
        courriel adressemail correo correoelectronico postaelettronica emailadres
        correioeletronico epost sahkoposti
        ηλεκτρονικόταχυδρομείο электроннаяпочта почта
        メールアドレス
    """,
    "telephone numbers": """
        phone telephone tel telno telnr mobile mobilephone cell cellphone landline fax
        phonenumber phoneno telephonenumber
        telefon telefonnummer handy handynummer mobil mobilnummer rufnummer festnetz
        portable numerodetelephone
        telefono movil celular cellulare
        telefoon telefoonnummer mobiel
        telefone telemovel puhelin
        τηλέφωνο κινητό
        телефон мобильный
        電話番号 電話 携帯電話
    """,
    "record or national numbers": """
        mrn medicalrecord medicalrecordnumber medicalrecordno medrecno chartnumber
        chartno hospitalnumber hospitalno hospno hospnum hospitalid hospid nhs
        nhsnumber nhsno chinumber ssn socialsecurity socialsecuritynumber socsec
        nationalid nationalidentifier nationalnumber nationalinsurance passport
        passportnumber passportno driverslicense driverlicense drivinglicence
        licenseplate nino
        insurancenumber insuranceno insuranceid healthcard healthcardnumber medicareno
        medicarenumber medicaid aadhaar
        versichertennummer versicherungsnummer krankenversicherungsnummer kvnr svnr
        sozialversicherungsnummer ahv ahvnummer fallnummer fallnr aktennummer
        aktenzeichen krankenaktennummer personalausweis ausweisnummer steuerid
        nir numerosecuritesociale securitesociale numerodossier ndossier ipp nss
        dni nie nif curp historiaclinica numerohistoria nhc numeroseguridadsocial
        tarjetasanitaria codicefiscale cf tesserasanitaria cartellaclinica
        bsn burgerservicenummer patientdossiernummer
        cpf cns prontuario numeroutente cartaocidadao
        personnummer cpr cprnummer fodselsnummer hetu henkilotunnus pesel rodnecislo
        αμκα αφμ
        снилс паспорт инн егн
        カルテ番号
    """,
    "postcodes": """
        postcode postalcode zip zipcode postal
        plz postleitzahl
        codepostal cp
        codigopostal
        cap codiceavviamentopostale
        codigopostal cep
        postnummer postnr postinumero kodpocztowy psc
        ταχυδρομικόςκώδικας
        индекс почтовыйиндекс
        郵便番号
    """,
}

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


def _plain(text: str) -> str:
    """Return a text without the accents of its letters."""
    letters = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def words_of(column: str) -> list[str]:
    """Split a column's name into words without accents, in small letters."""
    return [word.casefold() for word in _WORD.findall(_plain(column))]


_KIND: dict[str, Kind] = {
    _plain(name).casefold(): kind
    for kind, names in _CALLED.items()
    for name in names.split()
}

_ALONE = words(
    """born birth geburt naissance nacimiento nascita geboorte nascimento address addr
    street city town strasse rue ville calle domicilio ciudad citta residenza straat rua
    cidade morada gata mail correo mobile mobil cell fax tel handy portable movil nhs
    nir ipp
    nss dni nie nif cf cpr cns zip postal cp cap cep psc ahv hetu initial bdate gebdat
    phone telephone telefon рождения адрес адреса улица почта телефон паспорт индекс
    γεννησησ"""
)
"""Of these, those that mean something else where other words stand beside them."""

_ANY_NAME = words("name namen nom nome nombre naam namn navn ονομα имя 名前")
"""Names of persons, where a column is called so of a person or of nothing else."""

_PERSON = (
    *("patient", "patienten", "patientin", "subject", "subj", "participant"),
    *("proband", "paziente", "paciente", "pat", "pt", "person", "personal", "home"),
    *("contact", "caregiver", "carer", "relative", "spouse", "пациента", "ασθενη"),
)
"""Whose a column may be, before or behind what it is."""

_BESIDE = frozenset({*_PERSON, "dm", "demo", "txt", "text", "the", "his", "her"})
"""Words that change nothing about what a column is."""

_OF_NOBODY = words(
    """site sites centre center zentrum visit test study trial drug dose dosing
    treatment lab laboratory form device investigator sponsor vendor country company
    item scale parameter param event term medication med kit batch control weight length
    order rate place cohort defect sex gender mode done contacted call reason unit used
    sent reached available known flag
    κεντρο κεντρου ιατροσ ιατρου φαρμακο φαρμακου центр центра врач врача препарат
    препарата больницы исследователя
    version question codelist length type domain dataset variable file"""
)
"""Words by which a column is of something else than a person."""


def _without_person(word: str) -> str:
    """Take whose it is off a name that is one word."""
    for person in _PERSON:
        if word.startswith(person) and word[len(person) :] in {*_KIND, *_ANY_NAME}:
            return word[len(person) :]
    return word


def kind_by_name(column: str) -> Kind | None:
    """Tell what identifier a column is called as; None for any other name.

    Parameters
    ----------
    column : str
        As the file has it.

    Returns
    -------
    str or None
        A column called as nothing but a name of somebody has ``"names"``.
    """
    words = words_of(column)
    if not _OF_NOBODY.isdisjoint(words):
        return None
    own = [word for word in words if word not in _BESIDE] or words
    own = own[:-1] if len(own) > 1 and own[-1].isdigit() else own
    if len(own) == 1 and _without_person(own[0]) in _ANY_NAME:
        return "names"
    for count in (4, 3, 2, 1):
        for start in range(len(own) - count + 1):
            joined = _without_person("".join(own[start : start + count]))
            if joined in _KIND and (joined not in _ALONE or count == len(own)):
                return _KIND[joined]
    return None


def is_called_a_name_alone(column: str) -> bool:
    """Tell whether a column is called 'name' and no more, as a test's may be."""
    words = words_of(column)
    return len(words) == 1 and words[0] in _ANY_NAME
