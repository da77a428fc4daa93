/**
 * The time zones that CustomTimeZone may name: UTC and the list of the guide, which is an old one
 * (`Asia/Calcutta`, not `Asia/Kolkata`; captured, September 2026).
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 * @module
 */

/**
 * The cities of the guide's list, by the part of the name before the slash; and their abbreviations
 * as OpenJDK 17 prints them, in winter and, after the slash, in summer.
 */
const CITIES = {
  Africa: `Abidjan=GMT Accra=GMT Addis_Ababa=EAT Algiers=CET Asmera=EAT Bangui=WAT Banjul=GMT
    Bissau=GMT Blantyre=CAT Bujumbura=CAT Cairo=EET/EEST Casablanca=WEST Conakry=GMT Dakar=GMT
    Dar_es_Salaam=EAT Djibouti=EAT Douala=WAT Freetown=GMT Gaborone=CAT Harare=CAT
    Johannesburg=SAST Kampala=EAT Khartoum=CAT Kigali=CAT Kinshasa=WAT Lagos=WAT Libreville=WAT
    Lome=GMT Luanda=WAT Lubumbashi=CAT Lusaka=CAT Malabo=WAT Maputo=CAT Maseru=SAST Mbabane=SAST
    Mogadishu=EAT Monrovia=GMT Nairobi=EAT Ndjamena=WAT Niamey=WAT Nouakchott=GMT Ouagadougou=GMT
    Porto-Novo=WAT Sao_Tome=GMT Timbuktu=GMT Tripoli=EET Tunis=CET Windhoek=WAT`,
  America: `Adak=HAST/HADT Anchorage=AKST/AKDT Anguilla=AST Antigua=AST Aruba=AST Asuncion=PYT
    Barbados=AST Belize=CST Bogota=COT Buenos_Aires=ART Caracas=VET Cayenne=GFT Cayman=EST
    Chicago=CST/CDT Costa_Rica=CST Cuiaba=AMT Curacao=AST Dawson_Creek=MST Denver=MST/MDT
    Dominica=AST Edmonton=MST/MDT El_Salvador=CST Fortaleza=BRT Godthab=WGT/WGST Grand_Turk=EST/EDT
    Grenada=AST Guadeloupe=AST Guatemala=CST Guayaquil=ECT Guyana=GYT Halifax=AST/ADT
    Havana=CST/CDT Indianapolis=EST/EDT Jamaica=EST La_Paz=BOT Lima=PET Los_Angeles=PST/PDT
    Managua=CST Manaus=AMT Martinique=AST Mazatlan=MST Mexico_City=CST Miquelon=PMST/PMDT
    Montevideo=UYT Montreal=EST/EDT Montserrat=AST Nassau=EST/EDT New_York=EST/EDT Noronha=FNT
    Panama=EST Paramaribo=SRT Phoenix=MST Port-au-Prince=EST/EDT Port_of_Spain=AST Porto_Acre=ACT
    Puerto_Rico=AST Regina=CST Rio_Branco=ACT Santiago=CLT/CLST Santo_Domingo=AST Sao_Paulo=BRT
    Scoresbysund=EGT/EGST St_Johns=NST/NDT St_Kitts=AST St_Lucia=AST St_Thomas=AST St_Vincent=AST
    Tegucigalpa=CST Thule=AST/ADT Tijuana=PST/PDT Tortola=AST Vancouver=PST/PDT Winnipeg=CST/CDT`,
  Antarctica: `Casey=AWST DumontDUrville=DDUT Mawson=MAWT McMurdo=NZST/NZDT Palmer=CLT`,
  Asia: `Aden=AST Almaty=ALMT Amman=EET Anadyr=ANAT Aqtau=AQTT Aqtobe=AQTT Ashgabat=TMT
    Ashkhabad=TMT Baghdad=AST Bahrain=AST Baku=AZT Bangkok=ICT Beirut=EET/EEST Bishkek=KGT
    Brunei=BNT Calcutta=IST Colombo=IST Dacca=BDT Damascus=EET Dhaka=BDT Dubai=GST Dushanbe=TJT
    Hong_Kong=HKT Irkutsk=IRKT Jakarta=WIB Jayapura=WIT Jerusalem=IST/IDT Kabul=AFT Kamchatka=PETT
    Karachi=PKT Katmandu=NPT Krasnoyarsk=KRAT Kuala_Lumpur=MYT Kuwait=AST Macao=CST Magadan=MAGT
    Manila=PST Muscat=GST Nicosia=EET/EEST Novosibirsk=NOVT Phnom_Penh=ICT Pyongyang=KST Qatar=AST
    Rangoon=MMT Riyadh=AST Saigon=ICT Seoul=KST Shanghai=CST Singapore=SGT Taipei=CST Tashkent=UZT
    Tbilisi=GET Tehran=IRST Thimbu=BTT Thimphu=BTT Tokyo=JST Ujung_Pandang=WITA Ulaanbaatar=ULAT
    Ulan_Bator=ULAT Vientiane=ICT Vladivostok=VLAT Yakutsk=YAKT Yekaterinburg=YEKT Yerevan=AMT`,
  Atlantic: `Azores=AZOT/AZOST Bermuda=AST/ADT Canary=WET/WEST Cape_Verde=CVT Faeroe=WET/WEST
    Jan_Mayen=CET/CEST Reykjavik=GMT South_Georgia=GST St_Helena=GMT Stanley=FKT`,
  Australia: `Adelaide=ACST/ACDT Brisbane=AEST Broken_Hill=ACST/ACDT Darwin=ACST Hobart=AEST/AEDT
    Lord_Howe=LHST/LHDT Perth=AWST Sydney=AEST/AEDT`,
  Europe: `Amsterdam=CET/CEST Andorra=CET/CEST Athens=EET/EEST Belgrade=CET/CEST Berlin=CET/CEST
    Brussels=CET/CEST Bucharest=EET/EEST Budapest=CET/CEST Chisinau=EET/EEST Copenhagen=CET/CEST
    Dublin=GMT/IST Gibraltar=CET/CEST Helsinki=EET/EEST Istanbul=TRT Kaliningrad=EET Kiev=EET/EEST
    Lisbon=WET/WEST London=GMT/BST Luxembourg=CET/CEST Madrid=CET/CEST Malta=CET/CEST Minsk=MSK
    Monaco=CET/CEST Moscow=MSK Oslo=CET/CEST Paris=CET/CEST Prague=CET/CEST Riga=EET/EEST
    Rome=CET/CEST Samara=SAMT Simferopol=MSK Sofia=EET/EEST Stockholm=CET/CEST Tallinn=EET/EEST
    Tirane=CET/CEST Vaduz=CET/CEST Vienna=CET/CEST Vilnius=EET/EEST Warsaw=CET/CEST Zurich=CET/CEST`,
  Indian: `Antananarivo=EAT Chagos=IOT Christmas=CXT Cocos=CCT Comoro=EAT Kerguelen=TFT Mahe=SCT
    Maldives=MVT Mauritius=MUT Mayotte=EAT Reunion=RET`,
  Pacific: `Apia=WSST Auckland=NZST/NZDT Chatham=CHAST/CHADT Easter=EAST/EASST Efate=VUT
    Enderbury=PHOT Fakaofo=TKT Fiji=FJT Funafuti=TVT Galapagos=GALT Gambier=GAMT Guadalcanal=SBT
    Guam=ChST Honolulu=HST Kiritimati=LINT Kosrae=KOST Majuro=MHT Marquesas=MART Nauru=NRT Niue=NUT
    Norfolk=NFT/NFST Noumea=NCT Pago_Pago=SST Palau=PWT Pitcairn=PST Ponape=PONT Port_Moresby=PGT
    Rarotonga=CKT Saipan=ChST Tahiti=TAHT Tarawa=GILT Tongatapu=TOT Truk=CHUT Wake=WAKT Wallis=WFT`,
} as const;

/** Abbreviations by time zone: one, or standard and daylight saving time. */
const ABBREVIATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["UTC", ["UTC"]],
  ...Object.entries(CITIES).flatMap(([area, cities]) =>
    cities.split(/\s+/).map((city): [string, string[]] => {
      const [name, abbreviations] = city.split("=");
      return [`${area}/${name}`, abbreviations.split("/")];
    })
  ),
]);

/** All values of CustomTimeZone. */
export const TIME_ZONES: readonly string[] = [...ABBREVIATIONS.keys()];

/** Whether CustomTimeZone may be `zone`. */
export const isTimeZone = (zone: string): boolean => ABBREVIATIONS.has(zone);

/** `EST` or `EDT` for America/New_York. */
export function abbreviationOf(zone: string, season: "standard" | "daylightSaving"): string {
  const [standard = zone, daylightSaving = standard] = ABBREVIATIONS.get(zone) ?? [];
  return season === "standard" ? standard : daylightSaving;
}
