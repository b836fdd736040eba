import { expect, it } from '@jest/globals';
import { passwordFault } from './passwordPolicy.js';

const faultOf = (password: string, { name = 'Zoe Quill', email = 'x@e.example', appName = 'Example Club' }) =>
  passwordFault(password, { name, email, appName });

it.each([
  ['José Núñez García', 'josenunezgarcia1'],
  ['Jose Nunez', 'JoséNúñez12345678'],
  ['Zoë Brontë', 'zoebronte-zoebronte'],
  ['Zoë Brontë', 'Zoe\u0308 Bronte 12345'],
  ['Jürgen Müller', 'jurgenmuller12345'],
  ['Jürgen Müller', 'juergenmueller1990'],
  ['Jürgen Müller', 'Juergen Müller, Muller'],
  ['Jürgen Müßig', 'JUERGEN MUESSIG 1990'],
  ['Ju\u0308rgen Mu\u0308ller', 'juergenmueller1990'],
  ['Łukasz Żółty', 'lukaszzolty12345'],
  ['Weiß Groß', 'WEISSGROSS123456'],
  ['Weiss Gross', 'weißgroß12345678'],
  ['Οδυσσεύς', 'ΟΔΥΣΣΕΥΣ1234567'],
  ['Søren Ørsted', 'soerenoersted1777'],
  ['Søren Ørsted', 'SorenOrsted-1777'],
  ['Caroline Smith', 'caroline\u3164smith1990'],
  ['Caroline Smith', 'caro\u200Bline\u2800smith1990'],
  ['می\u200Cخواهم پارسا', 'میخواهم پارسا ۱۲'],
  ['Siobhán O’Brien', "O'Brien, Siobhán 1985"],
  ['Siobhán O’Brien', 'obrien-siobhan-obrien'],
  ["Gabriele D'Annunzio", "D'Annunzio D'Annunzio"],
  ["Gabriele D'Annunzio", 'dannunzio.gabriele1'],
  ['Jan de Vries', 'de Vries de Vries'],
  ['Jan de Vries', 'devriesdevries1985'],
  ['Li Wei', 'Wei Li Wei Li 1985!'],
  ['Li Wu', 'liwu-wuli-123456'],
  ['Wu Li', 'Li Wu 1985-12-24'],
  ['一郎 田中', '田中一郎 1985-12-24'],
  ['Đỗ Hà', 'Ha Do 24/12/1985'],
  ['Anne-Marie Le Pen', 'lepen.annemarie'],
  ['Lê Nguyễn Vũ', 'vulenguyen19851985'],
  ["Gabriele D'Annunzio", 'gabriele1d2annunzio3'],
  ['Wu Li', 'wu81li27wu9li46li'],
  ['Ana An', 'AnAna1985122417'],
  ['Ana Ian', 'IanAna198512241'],
  ['Ela El-Ali', 'ElAliEla1985122'],
  ['Kelvin K', '!kkelvinkelvink!!'],
  ['सीता राम', 'राम सीता 1985-12-24'],
  ['राम कृष्ण', 'राम 1 कृष्ण 1 राम 1 कृष्ण'],
  ['நிலா மணி', 'மணி நிலா 1985-12-24'],
  ['গীতা রায়', 'রায় গীতা 1985-12-24'],
])('A-02 refuses, for the name %s, the password %s', (name, password) => {
  expect(faultOf(password, { name })).toMatch(/your name/);
});

it.each([
  [{ email: 'jose.nunez@e.example' }, 'JoséNúñez12345678'],
  [{ email: 'jürgen.müller@e.example' }, 'juergen-mueller-1990'],
  [{ email: 'ada@xn--mnchen-3ya.example' }, 'ada@muenchen.example'],
  [{ email: 'o.brien@e.example' }, 'brien.o.brien.o.brien'],
  [{ email: '7up@e.example', name: 'Ada Lovelace' }, '7upLovelaceAda2'],
  [{ email: 'li.wu85@e.example' }, '1413.liwu85wu85'],
  [{ email: 'wu_li@e.example' }, '196wu_li264wu1632'],
  [{ email: 'al@e.example' }, 'al19850101!!!!!!!'],
  [{ email: 'al@e.example' }, '!!1985.al.1234.al'],
  [{ email: 'al@e.example' }, 'al1234al1234al1234'],
  [{ email: 'wu85@e.example' }, 'wu85!!!!!!!1234'],
  [{ email: 'x81@e.example' }, '1x814092773651x81'],
  [{ email: 'a1@e.example', name: 'Ada Lovelace' }, 'ada1.lovelace/ada1'],
  [{ email: 'a@e.example', name: 'Ada Lovelace' }, 'adalovelace1985'],
  [{ name: 'Ng' }, 'Ng19851224!!!!!!'],
  [{ name: 'Ng', email: 'angel@e.example' }, 'angel.ng.angel.2026'],
  [{ name: 'J D' }, '1985122419851224j.d'],
  [{ name: '王伟' }, '王伟19851224!!!!!!'],
  [{ name: '李娜 2026' }, '李娜 2026 李娜 2026'],
  [{ appName: 'O2' }, 'o2-19851224!!!!!'],
  [{ name: 'Mary 2nd Jones' }, 'jones.2nd.mary1'],
  [{ appName: 'Zürich & Söhne' }, 'zurich soehne 2026'],
  [{ appName: 'Straßenbahn' }, 'STRASSENBAHN2026'],
])('A-02 refuses, for %j, the password %s', (context, password) => {
  expect(faultOf(password, context)).toMatch(/your name/);
});

it.each([
  ['Jürgen Müller', 'juergen likes mueller thurgau'],
  ['Åse Öz', 'ease the oboes aase'],
  ['Éa Ñu', 'beau menus 81740293'],
  ['Jan de Vries', 'de 20 ad 81 ed 74 da 02'],
  ['Li Wei', 'weil liebe lieder sieben'],
  ['Wu Li', 'wu 8140 92 7736 51'],
  ['Wu Li', 'wuli will live 2 lives'],
])('A-02 accepts, for the name %s, the password %s', (name, password) => {
  expect(faultOf(password, { name })).toBeUndefined();
});

it.each([
  [
    { email: '1f35a53e-19e0-4868-b306-d7a6cff83c49@example.org' },
    'ee61c26dc83410be08ea8a9da37d5b9c42b1247e297399e431f20fa5c6c860fe',
  ],
  [{ email: 'c67a9d7c-8257-44b9-92f9-ce8e5569b383@example.org' }, '9e80b8e97ecb3b9dea3c13a0eb6d8f0f'],
  [{ email: 'ada+a1b2c3d4e5f6@e.example' }, '9f86d081884c7d659a2feaa0c55ad015'],
  [{ email: 'b306d7a6cff83c49@e.example' }, 'c67a9d7c-8257-44b9-92f9-ce8e5569b383'],
  [{ name: 'J D' }, 'j81409277365192143857d'],
  [{ name: 'J D', email: '1984@e.example' }, 'd1984814092773651921j'],
  [{ name: 'O2 K9' }, 'k981409277365192143857o2'],
  [{ email: 'x@e.example' }, 'e8140927736x519214x38x57'],
  [{ email: 'a.b.c@e.example' }, '79AC75B0BB09C632BCB7'],
  [{ email: 'x81@e.example' }, 'x8140927736x519214x81x57'],
])('A-02 accepts, for %j, the random password %s', (context, password) => {
  expect(faultOf(password, context)).toBeUndefined();
});
