//! Closed classes of words that decide what is a name: words that are none, titles before names, words that join names.
//!
//! All are compared folded. The lists are those of a language's grammar and of the offices that news speak of; none
//! names a body or place, but for nationalities, which are adjectives, and first words of clubs; given names tell persons.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::Language;
use crate::text::fold::fold;

/// Words that begin sentences and are no name: articles, pronouns, prepositions, conjunctions, question words, adverbs,
/// auxiliary and reporting verbs, greetings, by language.
#[rustfmt::skip]
const FUNCTION_WORDS: &[(&str, &str)] = &[
    ("en", "a an the this that these those such i i'm i've i'd i'll you your yours he his him himself she her hers herself it its \
        itself we our ours us they their theirs them me my mine myself who whom whose which what when where why how whatever \
        whoever and but or nor yet so for if unless until till while whilst although though because since as than whether \
        both either neither not no yes none nobody nothing never ever all any some every each everyone everybody \
        everything someone somebody something anyone anybody anything another  others  much more most few fewer \
        less least  enough           \
        in on at by to from of with \
        without within into onto upon over under above below about across after before against along amid among around \
        behind beneath beside besides between beyond despite down during except following including inside like near off \
        out outside past per regarding through throughout toward towards underneath unlike up versus via is am are was \
        were be been being has have had having do does did doing done can could may might must shall should will would \
        ought let let's isn't aren't wasn't don't doesn't didn't won't can't couldn't wouldn't shouldn't it's he's she's \
        that's there's here's what's who's they're we're you're they've we've there here then now today tomorrow \
        yesterday tonight again also already always almost altogether once twice often sometimes soon later earlier \
        perhaps maybe however therefore thus hence meanwhile moreover furthermore nevertheless nonetheless instead indeed \
        still too very just only even rather quite really actually currently recently finally eventually initially \
        previously originally clearly obviously apparently reportedly unfortunately fortunately hopefully usually \
        generally typically overall elsewhere otherwise according given asked told said says say added adding speaking \
        based due thanks thank hello hi hey dear please sorry ok okay well oh ah \
        nearly roughly approximately around about \
        congratulations congrats welcome etc vs re eg ie pct dlr dlrs mln bln cts shr shrs revs qtr qtly mths avg note \
        starring featuring photo photos video read see click watch more related source sources image picture editor's update updated"),
 ("de", "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner dieser diese dieses diesen \
        diesem jener jene jenes jeder jede jedes jeden jedem mancher manche solche solcher welcher welche welches ich du er \
        sie es wir ihr mich dich ihn uns euch mir dir ihm ihnen sich mein meine dein deine sein seine seinen seinem seiner \
        ihre ihren ihrem ihrer unser unsere unseren euer man wer wen wem wessen was wo wohin woher wann warum wieso weshalb \
        wie und oder aber denn sondern doch jedoch weil da dass ob wenn falls als bis bevor nachdem wahrend obwohl damit \
        sobald seit seitdem indem nicht nie niemals niemand nichts etwas jemand alle allen aller alles viele vielen vieler \
        viel wenige einige einigen mehrere mehr meist beide beiden ander andere anderen anderer anderes ein zwei drei vier \
        funf sechs sieben acht neun zehn elf zwolf zwanzig dutzende hunderte tausende millionen milliarden million milliarde prozent erste erster \
        ersten zweite zweiten dritte dritten letzte letzten nachste im in am an ans auf aufs aus ausser bei beim durch fur \
        gegen hinter ins mit nach neben ohne statt trotz uber um unter vom von vor wegen zu zum zur zwischen laut gemass \
        entlang ab bislang bisher dabei dadurch dafur dagegen daher damals danach dann daran darauf daraus darin daruber \
        darum davon davor dazu deshalb deswegen trotzdem dennoch allerdings ausserdem zudem zwar auch schon noch nur sogar \
        sehr so ganz hier dort da heute gestern morgen jetzt nun bald spater zuerst zunachst schliesslich endlich wieder \
        immer oft manchmal vielleicht wohl etwa rund knapp ist sind war waren wird werden wurde wurden hat haben hatte \
        hatten kann konnen konnte muss mussen soll sollen will wollen darf mag ja nein danke bitte hallo lieber liebe so \
        insgesamt weiter weitere weiterer neben nachdem angesichts aufgrund infolge hinzu gleichzeitig zugleich einerseits \
        andererseits hingegen ebenso besonders insbesondere beispielsweise jahr jahre jahren uhr euro dollar cent ende anfang \
        mitte foto fotos bild bilder video quelle mehr lesen siehe"),
    ("fr", "le la les l un une des du de d au aux ce cet cette ces ceci cela ca c' c'est il ils elle elles on je tu nous vous me \
        te se lui leur leurs y en moi toi soi eux mon ma mes ton ta tes son sa ses notre nos votre vos qui que quoi dont ou \
        quand comment pourquoi combien quel quelle quels quelles lequel laquelle lesquels et mais or ni car donc si comme \
        lorsque puisque quoique parce afin ainsi alors aussi apres avant avec chez contre dans depuis derriere des devant \
        durant entre envers hors jusque jusqu'a malgre par parmi pendant pour sans sauf selon sous sur vers via outre ne pas \
        plus moins jamais rien personne aucun aucune tout toute tous toutes chaque plusieurs quelques certains certaines \
        autre autres meme memes tel telle un deux trois quatre cinq six sept huit neuf dix onze douze premier premiere \
        deuxieme second seconde dernier derniere dernieres est sont etait etaient etre ete fut sera ont avait avaient avoir \
        a-t-il faut peut doit fait bien mal tres trop peu beaucoup assez encore deja toujours souvent parfois bientot \
        aujourd'hui hier demain maintenant ici la-bas ailleurs cependant pourtant toutefois neanmoins enfin ensuite puis \
        d'abord d'ailleurs certes oui non merci bonjour voici voila grace face quant afin lors or notamment interroge \
        interrogee a photo lire voir source videos video millions milliards million milliard euros"),
    ("es", "el la los las lo un una unos unas al del este esta estos estas ese esa esos esas aquel aquella aquellos esto eso \
        aquello yo tu usted ustedes nosotros vosotros ellos ellas me te se nos os le les mi mis su sus tus nuestro nuestra \
        nuestros nuestras que quien quienes cual cuales cuyo cuya donde adonde cuando como cuanto cuantos por porque para \
        pero sino aunque pues si y e o u ni no nunca jamas nada nadie ninguno ninguna algun alguno alguna algunos algunas \
        algo alguien todo toda todos todas cada varios varias muchos muchas mucho poco pocos mas menos otro otra otros otras \
        mismo misma tal tales ambos uno dos tres cuatro cinco seis siete ocho nueve diez primer primero primera segundo \
        segunda tercero ultimo ultima a ante bajo con contra de desde durante en entre hacia hasta mediante segun sin sobre \
        tras excepto salvo es son era eran fue fueron ser sido esta estan estaba ha han habia haber hay tiene puede debe hace \
        asi aun todavia ya siempre casi muy tan tanto tambien tampoco solo solamente bien mal hoy ayer manana ahora antes \
        despues luego entonces aqui alli ahi mientras ademas incluso quiza quizas finalmente actualmente sin embargo pese \
        gracias hola si foto fotos video fuente vea lea millones millon euros"),
    ("it", "il lo la i gli le l un uno una del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai dalle nel \
        nello nella nei negli nelle sul sullo sulla sui sugli sulle col di a da in con su per tra fra io tu lui lei noi voi \
        loro egli ella essi mi ti si ci vi ne mio mia miei tuo suo sua suoi sue nostro nostra vostro questo questa questi \
        queste quello quella quelli quelle quel che chi cui quale quali quanto quanti dove quando come perche e ed o ma pero \
        se anche neppure non mai niente nulla nessuno nessuna ogni ognuno qualche alcuni alcune tutto tutta tutti tutte \
        molto molti molte poco pochi piu meno altro altra altri altre stesso uno due tre quattro cinque sei sette otto nove \
        dieci primo prima secondo ultima ultimo e sono era erano essere stato stata ha hanno aveva avere puo deve fa gia \
        ancora sempre oggi ieri domani ora adesso poi dopo prima durante secondo contro senza sotto sopra verso entro oltre \
        mentre infatti inoltre invece quindi dunque cosi forse infine ecco grazie ciao si no foto video fonte milioni euro"),
    ("pt", "o a os as um uma uns umas do da dos das ao aos no na nos nas pelo pela pelos pelas num numa deste desta neste nesta \
        desse dessa nesse nessa este esta estes estas esse essa isso isto aquele aquela eu tu ele ela nos vos eles elas voce \
        voces me te se lhe meu minha seu sua seus suas nosso nossa que quem qual quais cujo onde quando como quanto por \
        porque para mas e ou nem se embora pois nao nunca nada ninguem nenhum nenhuma algum alguma alguns algumas todo toda \
        todos todas cada varios varias muitos muitas muito pouco mais menos outro outra outros outras mesmo um dois duas \
        tres quatro cinco seis sete oito nove dez primeiro primeira segundo ultimo ultima ante apos ate com contra de desde \
        durante em entre perante segundo sem sob sobre e sao era eram foi foram ser esta estao tem ha pode deve ja ainda \
        sempre tambem so apenas hoje ontem amanha agora antes depois entao aqui ali la assim alem porem contudo enquanto \
        obrigado ola sim foto video fonte milhoes euros"),
    ("nl", "de het een deze dit die dat ik jij je u hij zij ze wij we jullie hen hun haar mij me ons onze mijn jouw uw zijn wie \
        wat waar wanneer waarom hoe welke welk en of maar want dus omdat als dan toen terwijl hoewel indien tenzij zodat \
        niet geen nooit niets niemand iets iemand alle alles veel vele weinig meer meest minder ander andere anderen elke \
        elk ieder iedereen sommige enkele beide een twee drie vier vijf zes zeven acht negen tien eerste tweede derde \
        laatste volgende in op aan bij met van voor na naar om over onder door uit tegen tot tussen sinds tijdens volgens \
        zonder ondanks wegens per is zijn was waren wordt worden werd heeft hebben had hadden kan kunnen moet zal zou mag \
        wil ook nog al alleen zelfs zeer heel hier daar er nu vandaag gisteren morgen later vroeger eerst weer altijd vaak \
        soms misschien echter bovendien daarnaast daarom toch ja nee dank hallo foto video bron lees miljoen miljard euro"),
    ("ru", "а без более больше будет будут бы был была были было быть в вам вас ваш ведь весь во вот впрочем все всего всех всем всё вы где \
        говорят да даже для до его ее её если есть еще ещё же за здесь и из или им ими иногда их к каждый как какая какие \
        какой когда кого который которая которые кроме кто куда ли лишь лучше между меня мне многие много может можно мой мы \
        на над надо наконец нам нас наш наша наши не него нее неё нельзя нет ни никогда никто ним них ничего но ну о об \
        однако один одна одно он она они оно опять от ото перед по под после потом потому почему почти при про пока раз \
        разве с сам сама сами самый свой своей свою себя сегодня сейчас со совсем согласно также так такая такие такой там \
        тем теперь то тогда того тоже той только том тот три ту тут ты у уж уже хорошо хотя чего чей чем через что чтобы чуть \
        эта эти этим этих это этого этой этом этому этот эту я вчера завтра вместе вместо внутри возле вокруг вследствие \
        всегда среди сразу снова сначала кстати например напротив наоборот несмотря благодаря ввиду около против ранее \
        позже поэтому именно известно напомним отметим также итак значит следовательно первый первая первые второй вторая \
        третий последний новый новая новые другой другие два две пять шесть семь восемь девять десять оба обе ряд часть \
        большинство каждая любой любая некоторые несколько мало конечно видимо вероятно возможно пожалуй спасибо \
        здравствуйте привет дорогие уважаемые фото видео источник читайте подробнее"),
    ("pl", "a aby ale albo ani az bardzo bez bo bowiem by byc byl byla bylo byly czy czyli dla do gdy gdyby gdzie go i ich ile im \
        inne inny innych ja jak jaki jakie jako je jeden jedna jednak jednym jego jej jemu jesli jest jestem jezeli juz kazdy \
        kazda kiedy kto ktora ktore ktory ku lecz lub ma maja mi miedzy mimo mnie moga moj moze mozna my na nad nam nas nasz \
        nasza nasze nawet nic nich nie niech nigdy nikt nim niz no o obok od ona one oni ono oraz po pod podczas poniewaz \
        ponad potem poza prawie przed przede przez przy rowniez sa sam sie skad swoj ta tak takie takze tam te tego tej ten \
        teraz to tobie tu tutaj ty tych tylko tym u w we wedlug wiec wiele wielu wlasnie wobec wszyscy wszystkie \
        wszystko wsrod wy z za zas ze zeby zgodnie dzis dzisiaj wczoraj jutro dwa dwie trzy cztery piec pierwszy drugi \
        ostatni nowy nowa tymczasem jednoczesnie natomiast ponadto dlatego dlaczego co zdjecie wideo zrodlo czytaj"),
    ("uk", "а або але без би був була були було бути в вам вас ваш ви від він вона вони воно все всі де для до дуже її його є \
        з за зі зараз здається і із інші інший їх й як яка який які якщо коли кожен крім куди лише має мені ми між може можна \
        на навіть над нам нас наш не немає ні ніколи ніхто нічого ну о об один одна однак от перед під після по потім при про \
        проте сам свій себе сьогодні так також там те тепер ти тим то тоді того тому тільки у хто це цей ця ці через чи чому \
        що щоб я вчора завтра вже два дві три перший друга другий новий нова раніше згідно водночас серед проти фото відео \
        джерело читайте"),
    ("sv", "den det de en ett jag du han hon vi ni dem honom henne oss er mig dig sig min mitt mina din ditt hans hennes dess \
        deras vår vårt våra denna detta dessa som vad vem vilken vilket vilka när var varför hur och eller men för utan så om \
        eftersom att medan trots därför inte ingen inget inga aldrig alla allt alltid många mycket mer mest mindre få några \
        någon något varje annan annat andra båda två tre fyra fem sex sju åtta nio tio första andra tredje sista nästa i på \
        av till från med vid under över efter före mellan mot genom hos enligt sedan är var blir blev har hade kan kunde ska \
        skulle måste får vill också även bara redan ännu här där nu idag igår imorgon då sedan kanske dock dessutom ja nej \
        tack hej foto bild video källa läs miljoner"),
    ("da", "den det de en et jeg du han hun vi i dem ham hende os jer mig dig sig min mit mine din hans hendes dens deres vores \
        denne dette disse som hvad hvem hvilken hvilket hvilke hvornår hvor hvorfor hvordan og eller men for så om fordi at \
        mens selvom derfor ikke ingen intet aldrig alle alt altid mange meget mere mest mindre få nogle nogen noget hver \
        anden andet andre begge to tre fire fem seks syv otte ni ti første anden tredje sidste næste på af til fra med ved \
        under over efter før mellem mod gennem hos ifølge siden er var bliver blev har havde kan kunne skal skulle må vil \
        ville også kun allerede endnu her der nu idag går morgen da måske dog desuden ja nej tak hej foto video kilde læs \
        millioner hvis når"),
    ("no", "den det de en et ei jeg du han hun vi dere dem ham henne oss meg deg seg min mitt mine din hans hennes dens deres vår \
        vårt våre denne dette disse som hva hvem hvilken hvilket hvilke når hvor hvorfor hvordan og eller men for så om fordi \
        at mens selv derfor ikke ingen intet aldri alle alt alltid mange mye mer mest mindre få noen noe hver annen annet \
        andre begge to tre fire fem seks sju syv åtte ni ti første andre tredje siste neste i på av til fra med ved under \
        over etter før mellom mot gjennom hos ifølge siden er var blir ble har hadde kan kunne skal skulle må vil ville også \
        bare allerede ennå her der nå dag går morgen da kanskje dessuten ja nei takk hei foto video kilde les millioner hvis"),
    ("fi", "hän he minä sinä me te se ne tämä tuo nämä nuo joka jotka mikä mitä kuka ketkä missä mihin mistä milloin koska miksi \
        miten kuinka ja tai vai mutta sekä eli vaan kun jos että jotta vaikka kuin niin näin ei eivät en älä ole on ovat oli \
        olivat ollut olla voi voivat pitää täytyy saa myös vain jo vielä nyt tänään eilen huomenna sitten silloin siellä \
        täällä täältä tässä siinä siitä sen sitä hänen heidän minun meidän kaikki koko moni monet paljon vähän enemmän eniten \
        jokin joku jotain muu muut toinen toiset molemmat yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän \
        kymmenen ensimmäinen toinen viimeinen uusi ennen jälkeen aikana mukaan kanssa ilman vastaan kautta lisäksi kuitenkin \
        toisaalta esimerkiksi ehkä kyllä kiitos hei kuva video lähde lue"),
    ("cs", "a aby ale ani ano az bez bude budou by byl byla byli bylo byt co coz do dnes dva dve ho i ja jak jako jake jaky je \
        jeho jej jeji jejich jen jeste jestli ji jich jim jine jiny jiz jsem jsme jsou k kam kde kdo kdy kdyz ke ktera ktere \
        ktery kteri ma mezi mi mit mne mnoho moc mohl moje muze my na nad nam nas nase ne nebo nebyl nejsou nekolik nektere \
        nektery neni nez nic nich nikdo nikdy nove novy o od on ona oni ono pak po pod podle pokud pouze prave pred pri pro \
        proc proto protoze prvni s se si sice sve svuj ta tady tak take takze tam te ted tedy ten tento teto tim to toho tohle \
        tom tomu totiz tu ty tyto u uz v vam vas ve vice vsak vsechno vsichni vy z za zde ze zejmena vcera zitra tri druhy \
        posledni zatimco navic naopak foto video zdroj ctete"),
    ("tr", "bir bu şu o ben sen biz siz onlar bana sana ona bize size onlara benim senin onun bizim sizin onların ve veya ya da de \
        ki ile ama fakat ancak çünkü eğer ise için gibi kadar daha en çok az her hiç bazı birçok bütün tüm kim ne nerede \
        nereye neden nasıl niçin hangi kaç zaman değil var yok evet hayır olarak olan oldu olduğu olduğunu olur iki üç dört beş \
        altı yedi sekiz dokuz on ilk ikinci son yeni önce sonra bugün dün yarın şimdi burada orada böyle şöyle öyle artık hala \
        hem göre karşı rağmen ayrıca üzerine dolayı beri dün foto video kaynak merhaba teşekkürler"),
];

/// Adjectives and numbers of English that begin sentences before a name, and may be part of one: `New York`.
#[rustfmt::skip]
const OPENERS: &str = "first second third fourth fifth last next previous former latter new old own same good great best better big \
    bigger long little small large high low early late recent further net gross total average oper sales half eleven twelve \
    dozens hundreds thousands millions billions one two three four five six seven eight nine ten many several other \
    police officials critics analysts experts researchers scientists authorities prosecutors investigators residents \
    voters lawmakers government victim suspect sources witnesses reports shares stocks prices profits revenue revenues";

/// Months, weekdays, their abbreviations and feasts: capitalised in some languages, and no names of people, bodies or
/// places.
#[rustfmt::skip]
const CALENDAR: &str = "january february march april may june july august september october november december jan feb mar apr jun \
    jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays \
    thursdays fridays saturdays sundays mon tue tues wed thu thur thurs fri sat sun christmas easter ramadan thanksgiving \
    halloween hanukkah passover diwali eid xmas januar februar marz april mai juni juli \
    oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag montags dienstags mittwochs \
    donnerstags freitags samstags sonntags weihnachten ostern pfingsten silvester fruhjahr fruhling sommer herbst \
    janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi \
    vendredi samedi dimanche noel paques enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre \
    diciembre lunes martes miercoles jueves viernes sabado domingo navidad gennaio febbraio aprile maggio giugno luglio \
    settembre ottobre dicembre lunedi martedi mercoledi giovedi venerdi natale pasqua janeiro fevereiro marco maio junho \
    julho setembro outubro novembro dezembro segunda-feira terca-feira quarta-feira quinta-feira sexta-feira natal januari \
    februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag kerstmis pasen января февраля \
    марта апреля мая июня июля августа сентября октября ноября декабря январь февраль март апрель май июнь июль август \
    сентябрь октябрь ноябрь декабрь понедельник вторник среда четверг пятница суббота воскресенье січня лютого березня \
    квітня травня червня липня серпня вересня жовтня листопада грудня stycznia lutego marca kwietnia maja czerwca lipca \
    sierpnia wrzesnia pazdziernika listopada grudnia poniedzialek wtorek sroda czwartek piatek sobota niedziela \
    ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik pazartesi sali carsamba persembe cuma \
    cumartesi pazar gmt utc est edt cst cdt pst pdt bst cet mez bc ad";

/// Adjectives and nouns of nationality, faith and party allegiance, and languages.
#[rustfmt::skip]
const DEMONYMS: &str = "afghan afghans african africans albanian albanians algerian algerians american americans angolan arab arabs \
    arabic argentine argentines argentinian argentinians armenian armenians asian asians australian australians austrian \
    austrians azerbaijani azeri bahraini bangladeshi bangladeshis basque belarusian belgian belgians bolivian bosnian bosnians \
    brazilian brazilians british briton britons brit brits bulgarian bulgarians burmese cambodian cambodians cameroonian canadian canadians \
    catalan catalans chechen chechens chilean chileans chinese colombian colombians congolese croat croatian croats cuban \
    cubans cypriot cypriots czech czechs danish dane danes dutch dutchman ecuadorean egyptian egyptians english englishman englishmen \
    estonian ethiopian ethiopians european europeans fijian filipino filipinos finnish finn finns french frenchman frenchmen \
    georgian georgians german germans germanic ghanaian greek greeks guatemalan haitian haitians hispanic hispanics honduran \
    hungarian hungarians icelandic indian indians indonesian indonesians iranian iranians iraqi iraqis irish irishman israeli \
    israelis italian italians ivorian jamaican jamaicans japanese jordanian jordanians kazakh kenyan kenyans korean koreans \
    kosovar kurd kurdish kurds kuwaiti kuwaitis laotian latvian latin lebanese liberian libyan libyans lithuanian \
    macedonian malaysian malaysians maltese mexican mexicans moldovan mongolian moroccan moroccans mozambican namibian \
    nepalese nepali nicaraguan nigerian nigerians nordic norwegian norwegians omani pakistani pakistanis palestinian \
    palestinians panamanian paraguayan persian peruvian peruvians polish pole poles portuguese puerto-rican qatari romanian \
    romanians russian russians rwandan saudi saudis scandinavian scot scots scottish scotsman senegalese serb serbian serbs \
    serbians sicilian singaporean slav slavic slovak slovaks slovene slovenian somali somalian somalis soviet soviets \
    spaniard spaniards spanish sudanese swede swedes swedish swiss syrian syrians taiwanese tanzanian thai thais tibetan \
    tunisian tunisians turk turkish turks ugandan ukrainian ukrainians uruguayan uzbek venezuelan venezuelans vietnamese \
    welsh welshman western westerner westerners yemeni yugoslav zambian zimbabwean zimbabweans hawaiian californian texan \
    catholic catholics christian christians muslim muslims islamic islamist islamists jew jewish jews buddhist buddhists \
    hindu hindus sikh sikhs protestant protestants orthodox anglican anglicans sunni sunnis shia shiite shiites mormon \
    evangelical republican republicans democrat democrats democratic communist communists socialist socialists marxist \
    liberal liberals tory tories labourite greens nazi nazis bolshevik anglo-saxon roman victorian elizabethan edwardian \
    afroamerican african-american african-americans northern southern eastern \
    deutsch deutsche deutscher deutschen franzose franzosen franzosische franzosischen italiener italienische russe russen russische russischen \
    amerikaner amerikanische amerikanischen briten brite britische britischen chinesen chinesische turke turken turkische \
    pole polen polnische schweizer osterreicher osterreichische spanier spanische ukrainer ukrainische israeli israelis europaer \
    europaische europaischen griechen grieche hollander niederlander danen schweden belgier japaner iraner iraker syrer \
    palastinenser araber afghanen juden jude christen christ muslime muslim moslems katholiken protestanten serben kroaten \
    albaner ungarn tschechen slowaken rumanen bulgaren kurden sozialdemokraten christdemokraten grune grunen liberale linke \
    francais francaise francaises allemand allemande allemands anglais anglaise britannique britanniques americain \
    americaine americains russe russes italien italienne italiens espagnol espagnole espagnols europeen europeenne europeens \
    chinois chinoise japonais belge belges suisse suisses algerien algeriens marocain marocains tunisien tunisiens \
    africain africains israelien israeliens palestinien palestiniens ukrainien ukrainiens turc turcs grec grecs polonais \
    irlandais ecossais juif juifs musulman musulmans chretien chretiens catholique catholiques \
    espanol espanola espanoles frances francesa franceses aleman alemana alemanes ingles inglesa ingleses britanico \
    britanicos estadounidense estadounidenses americano americanos ruso rusos italiano italianos mexicano mexicanos \
    argentino argentinos chileno chilenos colombiano colombianos peruano venezolano venezolanos cubano cubanos europeo \
    europeos chino chinos brasileno brasilenos portugues portuguesa israeli palestino palestinos ucraniano ucranianos \
    nederlander nederlanders nederlandse engelse duitse duitser duitsers franse fransen belgische belg belgen britse britten \
    amerikaanse amerikaan amerikanen russische rus russen spaanse italiaanse chinese europese turkse turken poolse joodse \
    россиянин россияне россиян украинец украинцы украинцев американцы американцев немцы немцев французы французов \
    polak polacy polakow rosjanie rosjan ukraincy amerykanie francuzi anglicy czesi \
    svensk svenska svenskar dansk danska danskar norsk norska turk alman almanlar rus ruslar amerikali ingiliz fransiz";

/// Titles, offices and forms of address that stand before a name. Also last words of longer ones: `Vice President`.
#[rustfmt::skip]
const TITLES: &str = "mr mrs ms miss mx dr drs doctor prof professor sir dame lord lady baroness baron viscount viscountess hon \
    honourable honorable rev reverend fr bishop archbishop cardinal pope rabbi imam ayatollah sheikh sheik sen senator sens rep \
    representative reps congressman congresswoman gov governor president vice-president chief justice judge magistrate \
    secretary undersecretary minister premier chancellor chairman chairwoman chairperson chair speaker deputy commissioner \
    general gen lt-gen maj-gen brig brigadier admiral adm col colonel lt-col maj major capt captain lt lieutenant sgt \
    sergeant cpl corporal pvt cmdr commander marshal ambassador envoy attorney solicitor mayor councilmember councilperson councilman councilwoman \
    councillor councilor alderman assemblyman assemblywoman assemblymember director officer inspector detective sheriff constable \
    superintendent prime vice ex-president ex-minister ex-prime coach manager captain king queen prince princess emperor \
    empress duke duchess earl count countess sultan emir executive founder co-founder editor author actor actress \
    singer director producer analyst economist spokesman spokeswoman spokesperson treasurer comptroller undersecretary \
    prosecutor lawyer midfielder striker defender goalkeeper winger skipper champion father mother brother sister \
    uncle aunt pitmaster publisher mp mep msp pm ceo cfo ceo coo cto md esq messrs mayor-elect president-elect borough councilmembers aide cousin nephew niece grandfather grandmother husband wife rapper comedian pastor owner photographer reporter \
    bassist drummer guitarist vocalist principal frontman historian novelist paramedic emt emts firefighter umpire referee shortstop outfielder linebacker cornerback goalie bartender columnist blogger provost supt spox \
    correspondent advocate quarterback pitcher developer landlord gm da vp svp evp deejay dj trooper patrolman alderwoman \
    herr herrn frau hr fr prasident prasidenten prasidentin vizeprasident vizeprasidentin altkanzler bundeskanzler bundeskanzlerin kanzler \
    kanzlerin kanzlers bundesminister bundesministerin minister ministerin ministers ministerprasident ministerprasidentin \
    staatsminister staatssekretar staatssekretarin burgermeister burgermeisterin oberburgermeister oberburgermeisterin \
    aussenminister aussenministerin innenminister innenministerin finanzminister finanzministerin abgeordnete abgeordneter \
    richter richterin anwalt anwaltin rechtsanwalt rechtsanwaltin chef chefin vorsitzende vorsitzender vorsitzenden \
    parteichef parteichefin sprecher sprecherin generalsekretar generalsekretarin direktor direktorin geschaftsfuhrer \
    geschaftsfuhrerin leiter leiterin trainer trainerin bundestrainer kapitan torwart torhuter sturmer verteidiger \
    mittelfeldspieler regisseur regisseurin schauspieler schauspielerin autor autorin schriftsteller schriftstellerin sanger \
    sangerin kunstler kunstlerin maler malerin musiker musikerin politiker politikerin experte expertin okonom okonomin \
    forscher forscherin historiker historikerin wissenschaftler wissenschaftlerin journalist journalistin moderator \
    moderatorin professorin papst konig konigin prinz prinzessin furst graf grafin kaiser bischof pfarrer unternehmer \
    unternehmerin investor grunder grunderin kollege kollegin mutter vater bruder schwester tochter sohn freund freundin partei \
    senator senatorin landrat kommissar kommissarin botschafter botschafterin oberst general leutnant vorstand \
    vorstandschef vorstandsvorsitzende vorstandsvorsitzender verteidigungsminister pianist dirigent komponist \
    architekt architektin fotograf fotografin kurator kuratorin analyst analystin ex-prasident \
    m mm mme mmes mlle me monsieur madame mademoiselle maitre presidente ministre depute deputee senateur senatrice maire juge \
    prefet roi reine docteur pere soeur abbe commissaire general colonel capitaine president-directeur \
    sr sra srta sres senor senora senorita don dona presidente presidenta vicepresidente vicepresidenta ministro ministra \
    diputado diputada senador senadora alcalde alcaldesa juez jueza rey reina papa fray padre \
    senhor senhora deputado deputada juiz juiza prefeito prefeita governador governadora rei rainha \
    on onorevole signor signora signore dott dottor dottore dottoressa ing avv prof senatore deputato sindaco premier \
    sottosegretario suor \
    dhr mevr mevrouw meneer voorzitter staatssecretaris burgemeester wethouder koning koningin prins prinses drs mr ir \
    statsminister statsrad talman fru froken herra rouva ministeri puhemies paaministeri \
    президент президента президенту президентом премьер премьер-министр министр министра депутат депутата сенатор \
    губернатор губернатора мэр мэра глава главы председатель председателя директор гендиректор генерал полковник майор капитан господин госпожа г-н г-жа \
    г-на судья посол академик профессор доктор прем'єр міністр голова пан пані король королева князь принц патриарх папа \
    режиссер актер актриса певец певица писатель тренер \
    pan pani panu pana prezydent premier minister posel poslanka poslanec senator marszalek prof dr ks papiez kardynal \
    prezident premier ministr ministryne predseda predsedkyne kral reditel \
    sayin cumhurbaskani basbakan baskan bakan bakani";

/// Words that stand before or between titles and make a longer one: `Foreign Minister`, `Attorney General`.
#[rustfmt::skip]
const OF_TITLES: &str = "foreign finance interior defence defense home trade agriculture energy health education transport justice \
    labor labour employment environment economy economic industry planning information culture prime deputy vice \
    assistant acting interim associate senior junior chief executive managing general attorney inspector major lieutenant \
    former ex late then incoming outgoing first second public right rt co national regional district financial operating \
    marketing technology technical commercial editorial creative artistic sporting assistant press exterior oil petroleum \
    housing budget police fire exchequer affairs prosecutions elect emeritus opposition royal her his hon honourable honorable state battalion \
    ehemalige ehemaliger fruhere fruherer ex designierte";

/// Words between the words of a name, by what follows: these join a name to any word before it.
#[rustfmt::skip]
const PARTICLES: &str = "de da do dos das del della dello dei degli delle di du des d d' van von vom zu zum zur der den dem ten ter te la \
    le las los lo l l' bin ibn bint abu al el ul ud ad y e i af av och og und";

/// Particles with which no name of a person ends, and which begin a surname: `de Gaulle`, `von der Leyen`.
#[rustfmt::skip]
const SURNAME_PARTICLES: &str = "de da do di du del della van von vom zu zur der den ten ter bin ibn al el af av";

/// Short forms of the kind of company, which are no part of its name.
#[rustfmt::skip]
const COMPANY_FORMS: &str = "inc incorporated corp corporation co company cos companies ltd limited plc llc llp lp gmbh ag sa s.a se kg kgaa nv n.v bv \
    b.v spa s.p.a srl sarl sas ab a.b as a.s asa oy oyj aps pty pte ltda sl s.l kk k.k bhd tbk ooo оао ооо зао пао ао";

/// Words in capitals that are no names: offices, units, media, measures.
#[rustfmt::skip]
const COMMON_ACRONYMS: &str = "ceo ceos cfo coo cto cio md phd mba ba ma bsc msc tv tvs dvd dvds cd cds pc pcs it ict ai gdp gnp vat ipo ipos m&a \
    hiv aids dna rna atm atms pdf url www http https html faq usd eur gbp chf jpy am pm ok id ids sms mms gps usb lcd led hd \
    hdtv dj djs mp mps mep meps pm pr hr rd r&d suv suvs ev evs ufo vip vips asap diy faqs q&a cv rsvp p.s ps eps yoy qoq \
    pct dlr dlrs mln bln cts mw kw kwh mph kmh km kg mm cm lb lbs ft sq no nos vs etc b2b b2c p2p dsl adsl voip xml css \
    sql api isp isps rss cpu gpu ram rom vpn pin sim esg lgbt lgbtq lgbtqi covid covid-19 sars pib kkw pkw lkw gmbh ag eg \
    ev usw uvm zb u.a z.b d.h s.a o.j tva sida pdg ong ue-27 iva adn oms-2 вич спид ввп ндс тв сми чп дтп";

/// Nouns of bodies and places, with which `of`, `for` and `and` join: `Bank of Japan`.
#[rustfmt::skip]
const BODY_NOUNS: &str = "academy agency alliance army association assembly authority bank bay board body bureau cabinet cape center centre \
    chamber chapter church city clinic club coalition college colleges commission committee community company confederation \
    conference congress corporation council county court department district division duchy duke earl emirate empire \
    exchange faculty federation force forum foundation front fund government group gulf high house hospital hotel institute \
    institution international island islands isle kingdom  league liberation library   marquess ministry movement museum \
    national office order organisation organization parliament party people's port    province   \
    republic republics research review river royal school sea secretariat senate service society sons state states straits \
    strait supreme theatre tower town trades treaty tribunal union united university village women's workers world young \
    archbishop bishop cathedral        administration   \
    brotherhood fellowship guild caucus consortium commonwealth \
    banco ministerio universidad partido consejo tribunal comision camara instituto asociacion ciudad isla rio san santa santo \
    mesa republica ayuntamiento policia guardia federacion confederacion sociedad fundacion agencia junta generalitat diputacion \
    audiencia fiscalia secretaria sindicato colegio plaza calle hospital teatro centro asamblea corte alianza \
    estados union nations fonds haut-commissariat autorite agence etat etats republique academie front confederation cour caisse \
    banque ministere universite parti conseil assemblee chambre institut association ville ile ecole college musee \
    palais place rue avenue cite comite banca universita partito consiglio corte camera istituto ministero unione \
    universidade conselho camara instituto associacao ministerio \
    st ave blvd precinct street avenue road boulevard lane drive square park bridge stadium arena hall airport hotel inn restaurant \
    center mall plaza heights hills mountains mountain valley lake ocean coast beach peninsula canal falls creek gardens \
    festival awards award prize cup championship championships open games games olympics trophy tournament tour grand prix news \
    magazine newspaper press journal post herald tribune gazette chronicle telegraph guardian television radio network \
    channel films pictures records music orchestra band museum gallery capital partners holdings industries systems \
    technologies motors airlines airways oil gas electric power energy bancorp financial securities insurance trust";

/// Dishes and drinks of English that restaurants are not called after.
#[rustfmt::skip]
const DISHES: &str = "sandwich sandwiches dumpling dumplings sauce sauces soup soups salad salads ravioli gnocchi linguine fettuccine \
    spaghetti lasagna lasagne risotto paella pasta pastas noodles potato potatoes fries pudding puddings tart tarts tartare cheesecake cheesecakes \
    cookie cookies brownie brownies cupcake cupcakes pork beef brisket belly ribs sausage sausages meatball meatballs hoagie hoagies sirloin \
    terrine sangria margaritas martinis mojito mojitos cocktail cocktails lemonade milkshake milkshakes \
    omelet omelette pancake pancakes waffle waffles slaw coleslaw kimchi salsa guacamole hummus falafel tacos burrito burritos quesadilla \
    quesadillas nachos tots sliders mushrooms cobbler shank roulade cotta puree char croquettes marmalade eggs grits confit horchata cannoli custard tenders casserole chowder gumbo jambalaya chili oxtail tuna shrimp prawns scallops \
    toast vinaigrette mayonnaise aioli crepe crepes gelato sorbet popsicle popsicles popcorn pickles cheesesteak \
    cheesesteaks steak steaks cutlet cutlets tenderloin carpaccio ceviche crostini bruschetta arancini calamari";

/// Foods of English that restaurants are called after, too.
#[rustfmt::skip]
const FOODS: &str = "chicken egg eggs pizza pie pies burger burgers bagel bagels cheese lobster crab clam clams oyster oysters bacon ham bread bun buns \
    roll rolls wings cake cakes cream chocolate vanilla caramel rice lamb salmon beans butter jam strawberry apple banana coconut peanut almond garlic onion pepper tomato basil \
    turkey pumpkin cranberry parsnip crab goat feta duck stew hash pate martini margarita chive mushroom truffle bean fish fried roasted grilled smoked pulled braised crispy spicy";

/// Nouns of German, and first words of clubs, with which a name begins: `Universität Halden`, `Landgericht Halden`.
#[rustfmt::skip]
const GERMAN_HEADS: &str = "universitat hochschule fachhochschule klinikum universitatsklinikum landgericht amtsgericht oberlandesgericht \
    verwaltungsgericht arbeitsgericht sozialgericht flughafen hauptbahnhof schauspielhaus schauspiel staatsoper freistaat bistum erzbistum \
    landkreis polizeiprasidium staatsanwaltschaft borussia eintracht arminia fortuna werder hertha fc sv tsv vfl vfb tsg sc";

/// Adjectives of bodies in languages that write them in small letters: `Union européenne`.
#[rustfmt::skip]
const BODY_ADJECTIVES: &str = "europeen europeenne europea national nationale nationaux nacional nazionale international internationale \
    internacional internazionale federal federale constitutionnel constitutionnelle constitucional costituzionale supreme supremo \
    suprema central centrale general generale regional regionale departemental municipal municipale communal communale francais \
    francaise britannique allemand allemande espagnol espagnola italien italienne italiano italiana americain americaine russe suisse \
    belge africain africaine arabe islamique unies unida unidas unite democratique democratica democratico populaire popular popolare \
    socialiste socialista communiste comunista republicain republicaine republicano republicana ecologiste mondiale mundial monetaire \
    monetario economique economico social sociale electorale electoral militaire militar judiciaire penal penale olympique olimpico";

/// Nouns in small letters that follow the noun of a body: `Cour de cassation`, `Министерство обороны`.
#[rustfmt::skip]
const BODY_COMPLEMENTS: &str = "cassation comptes securite appel ministres prud'hommes cuentas seguridad comercio ministros cassazione \
    sicurezza conti stato ministri contas seguranca обороны безопасности финансов юстиции культуры здравоохранения образования \
    экономики энергетики транспорта наук здоровья";

/// Nouns of bodies and places of German that stand after an adjective with a capital: `Rotes Kreuz`, `Indischer Ozean`.
#[rustfmt::skip]
const GERMAN_BODIES: &str = "republik union bank bahn post bund kreuz kreuzes ozean ozeans meer meeres staaten nationen kirche zeitung allgemeine \
    rundfunk gericht gerichtshof rat rates kommission parlament partei verein institut universitat hochschule museum oper theater tor \
    akademie armee bibliothek philharmoniker weltkrieg weltkriegs weltkrieges krieg wald alb berg insel inseln see kanal wahrungsfonds konigreich \
    bundesbank nationalbank zentralbank volkspartei bruderschaft garde haus linke mauer strasse platz borse garten rotes presse-agentur presseagentur";

/// Common given names, which also tell a person where the word is a common one: `Bill`, `Mark`. Those that are
/// more often places are left out.
#[rustfmt::skip]
const GIVEN_NAMES: &str = "\
    james john robert michael william david richard joseph thomas charles chris christopher daniel dan matthew matt \
    anthony mark donald don steven steve stephen paul andrew andy joshua josh kenneth ken kevin brian bryan george \
    timothy tim ronald ron edward ed eddie jason jeffrey jeff ryan jacob jake gary nicholas nick eric erik jonathan \
    jon larry justin scott brandon benjamin ben samuel sam gregory greg alexander alex patrick pat frank raymond \
    ray jack dennis jerry tyler aaron jose adam nathan henry julius virgil kamala mathias lasse harry zachary zach \
    douglas doug peter pete kyle noah ethan jeremy walter christian keith roger terry austin sean shawn shaun \
    gerald carl karl harold dylan arthur lawrence jordan jesse billy bill bob bobby joe joey bruce gabriel logan \
    alan allan allen albert willie wayne roy ralph randy eugene gene vincent vince russell louis luis philip \
    phillip phil johnny teddy jim jimmy tom tommy mike mickey rob robbie rick ricky dick charlie dave ted tony fred \
    freddie martin marty stanley leonard leon norman barry glenn glen howard earl clarence ernest curtis todd craig \
    dale chad derek darren marcus travis victor oscar simon neil nigel graham ian stuart stewart malcolm gordon \
    duncan angus hugh hugo alistair colin trevor clive clifford geoffrey geoff gareth owen liam rupert oliver leo \
    theo max felix ross brad bradley brett seth joel abe abraham isaac elijah caleb ezra saul jared jamal mary \
    patricia jennifer jen jenny linda elizabeth liz barbara susan sue jessica sarah sara karen lisa nancy betty \
    sandra margaret ashley kimberly kim emily donna michelle carol amanda melissa deborah debbie stephanie rebecca \
    becky sharon laura cynthia dorothy amy kathleen kathy kate katie katherine catherine cathy angela shirley anna \
    anne ann annie brenda pamela pam emma nicole helen samantha katharine christine christina debra rachel carolyn \
    janet maria heather diane diana ruth julie julia joyce kelly lauren joan evelyn judith judy megan andrea cheryl \
    hannah jacqueline jackie martha gloria teresa theresa sophie sophia frances madison kathryn janice jean alice \
    lillian lily grace denise amber doris marilyn danielle beverly isabella brittany natalie rose alexis kayla lori \
    marie jane lucy ellen elaine eleanor tina wendy valerie vanessa tracy monica molly erin claire chloe zoe joanna \
    fiona gillian hillary hilary meghan harriet phoebe ruby naomi miriam esther peggy penny maggie meg sally sandy \
    gail jill holly robin dawn tara leslie lesley hans klaus claus jurgen wolfgang heinz werner gunther gunter \
    dieter uwe stefan stephan thorsten torsten jorg jens sven kai ulrich uli matthias markus andreas bernd bernhard \
    manfred helmut gerhard horst friedrich fritz franz ludwig johann johannes joachim jochen rainer reiner ralf \
    rolf rudolf rudi sebastian tobias florian lukas jonas jan jannik niklas nils philipp dominik christoph kristof \
    thilo till tilo olaf oskar otto konrad kurt lars lothar norbert eberhard ekkehard egon erich ernst armin axel \
    boris burkhard carsten karsten detlef dirk gregor harald hartmut heiko heiner heinrich helge henning hermann \
    holger hubert ingo jakob josef julian marcel marco mario matthaus moritz roland sigmar siegfried theodor udo \
    urs ueli volker wilhelm winfried annalena ursula monika sabine petra renate brigitte ingrid heike susanne \
    gabriele claudia karin kerstin katrin katharina birgit anja antje bettina carola christa cornelia dorothee elke \
    elisabeth eva franziska gerda gisela gudrun hannelore heidi helga hildegard ilse inge irene iris jana jutta \
    karla katja kirsten lena luise manuela maren margarete marion marlene martina michaela mona nadine nadja nicola \
    nina nora regina romy rosa saskia silke silvia simone sonja stefanie steffi svenja tanja ulrike ulla ute vera \
    veronika yvonne pierre michel andre philippe alain bernard jacques rene nicolas francois laurent christophe \
    olivier sebastien stephane pascal thierry frederic julien guillaume gilles yves henri gerard emmanuel antoine \
    mathieu matthieu maxime bruno didier dominique serge claude patrice fabrice jerome benoit arnaud raphael xavier \
    edouard etienne lionel isabelle sylvie nathalie sandrine francoise martine monique veronique celine laurence \
    aurelie emilie segolene delphine virginie corinne florence helene elodie genevieve laure marine mathilde cecile \
    antonio manuel francisco juan javier carlos miguel angel pedro alejandro rafael fernando alberto jorge pablo \
    ramon enrique joaquin andres raul vicente ignacio inigo jaime santiago ruben jordi xavi roberto diego alvaro \
    ivan adrian mariano emilio gonzalo ricardo eduardo gustavo guillermo hector julio cesar felipe rodrigo sergio \
    salvador agustin arturo ernesto esteban gerardo mauricio carmen josefa isabel ana dolores pilar cristina marta \
    francisca antonia mercedes rosario lucia elena pepa raquel silvina sonia susana soledad yolanda beatriz alicia \
    inmaculada montserrat nuria ines cayetana luisa giovanni giuseppe francesco matteo luca paolo giorgio giulio \
    enrico alessandro lorenzo stefano massimo maurizio silvio romano beppe giuliano carlo pietro claudio federico \
    davide fabio giancarlo giorgia chiara francesca giulia elisa paola daniela federica alessandra joao paulo luiz \
    jair dilma rui tiago nuno marcelo piet kees johan pieter geert wouter maarten joost bram sander ruud willem \
    henk frits anders mats per bjorn astrid birgitta goran hakan jesper mette morten ola olof soren stig ulf magnus \
    александр алексей анатолий андрей анна антон артем богдан борис вадим валентин валентина валерий василий вера \
    виктор виктория виталий владимир владислав володимир вячеслав галина геннадий георгий григорий даниил дарья \
    денис дмитрий евгений екатерина елена елизавета иван игорь илья ирина кирилл константин ксения лариса лев \
    леонид любовь людмила максим маргарита марина мария михаил надежда наталья наталия николай нина олег ольга \
    павел петр полина роман светлана семен сергей софья станислав степан тамара татьяна тимур федор эдуард эльвира \
    юлия юрий яна яков ярослав джон джордж дональд ангела барак билл wladimir jurij sergej dmitri dmitry vladimir \
    sergei sergey yuri mikhail nikolai alexei andrei igor oleg viktor volodymyr mohammed muhammad mohamed ahmed ali \
    hassan hussein omar osama ibrahim khaled mahmoud mustafa yusuf abdullah fatima aisha amina recep mehmet murat \
    emre cem shimon ehud yitzhak moshe avi hiroshi kenji shinzo yoshihide taro yasuhiro";

/// First words of names of places, which are no given names.
#[rustfmt::skip]
const PLACE_BEGINNINGS: &str = "new old north south east west upper lower great greater central san santa santo sao saint st ste mount mt \
    lake cape fort port los las la le el puerto rio villa bad ober unter nord sud ost nieuw noord zuid oost nouvelle nueva \
    nuovo novo nova grand saint-";

/// Roman numerals of rulers and wars.
const NUMERALS: &str = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii jr sr";

/// Abbreviations within names whose point ends no sentence.
const ABBREVIATIONS: &str =
    "st ste mt ft jr sr bros no dr mr mrs ms prof sen rep gov gen col capt lt sgt maj rev hon lord inc corp co ltd";

/// Prepositions of places, after which a word alone is a place.
#[rustfmt::skip]
const LOCATIVES: &[(&str, &str)] = &[
    ("en", "in at near across throughout outside around"), ("de", "in nach aus bei"), ("fr", "à en a"), ("es", "en desde"),
    ("it", "a in"), ("pt", "em"), ("nl", "in uit naar"), ("ru", "в во из"), ("uk", "в у з із"), ("pl", "w we"),
    ("sv", "i från"), ("da", "i fra"), ("no", "i fra"), ("cs", "v ve"),
];

/// Words that stand before a noun of German, in any form: articles, pronouns, and what ends like an adjective is told by
/// its ending.
#[rustfmt::skip]
const DETERMINERS: &str = "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines dieser diese \
    dieses diesen diesem jeder jede jedes jeden jedem mein meine meinen sein seine seinen seinem seiner seines ihr ihre ihren \
    ihrem ihrer ihres unser unsere unseren unserem unserer im am zum zur vom beim ins ans aufs viele vielen mehr alle allen \
    einige einigen mehrere mehreren wenige beide beiden solche welche manche zwei drei vier funf sechs sieben acht neun zehn";

static STOPS: LazyLock<FxHashMap<&str, FxHashSet<String>>> = LazyLock::new(|| {
    FUNCTION_WORDS.iter().map(|(code, words)| (*code, words.split_whitespace().map(fold).collect())).collect()
});
static CALENDAR_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(CALENDAR));
static OPENER_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(OPENERS));
static DEMONYM_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(DEMONYMS));
static TITLE_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(TITLES));
static OF_TITLE_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(OF_TITLES));
static PARTICLE_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(PARTICLES));
static SURNAME_PARTICLE_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(SURNAME_PARTICLES));
static COMPANY_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(COMPANY_FORMS));
static ACRONYM_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(COMMON_ACRONYMS));
static BODY_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(BODY_NOUNS));
static PLACE_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(PLACE_BEGINNINGS));
static GERMAN_HEAD_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(GERMAN_HEADS));
static BODY_ADJECTIVE_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(BODY_ADJECTIVES));
static BODY_COMPLEMENT_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(BODY_COMPLEMENTS));
static GERMAN_BODY_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(GERMAN_BODIES));
static DISH_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(DISHES));
static FOOD_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(FOODS));
static GIVEN_NAME_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(GIVEN_NAMES));
static NUMERAL_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(NUMERALS));
static ABBREVIATION_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(ABBREVIATIONS));
static LOCATIVE_SETS: LazyLock<FxHashMap<&str, FxHashSet<String>>> = LazyLock::new(|| {
    LOCATIVES.iter().map(|(code, words)| (*code, words.split_whitespace().map(fold).collect())).collect()
});
static DETERMINER_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| set(DETERMINERS));

fn set(words: &str) -> FxHashSet<String> {
    words.split_whitespace().map(fold).collect()
}

/// The function words of all languages.
static EVERY_STOP: LazyLock<FxHashSet<String>> = LazyLock::new(|| STOPS.values().flatten().cloned().collect());

/// Builds the tables now rather than at first use.
#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&STOPS);
    LazyLock::force(&EVERY_STOP);
    LazyLock::force(&LOCATIVE_SETS);
    for words in [
        &CALENDAR_SET,
        &OPENER_SET,
        &DEMONYM_SET,
        &TITLE_SET,
        &OF_TITLE_SET,
        &PARTICLE_SET,
        &SURNAME_PARTICLE_SET,
        &COMPANY_SET,
        &ACRONYM_SET,
        &BODY_SET,
        &BODY_ADJECTIVE_SET,
        &BODY_COMPLEMENT_SET,
        &GERMAN_BODY_SET,
        &GERMAN_HEAD_SET,
        &DISH_SET,
        &FOOD_SET,
        &GIVEN_NAME_SET,
        &PLACE_SET,
        &NUMERAL_SET,
        &ABBREVIATION_SET,
        &DETERMINER_SET,
    ] {
        LazyLock::force(words);
    }
}

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    code: &'static str,
    stops: &'static FxHashSet<String>,
    locatives: Option<&'static FxHashSet<String>>,
}

impl Words {
    /// Those of `language`; of English if it has no row, of all languages together if it is not known.
    pub(super) fn of(language: Language) -> Words {
        let Some(code) = language.known_code() else {
            return Words { code: "", stops: &EVERY_STOP, locatives: None };
        };
        let stops = STOPS.get(code).or_else(|| STOPS.get("en")).expect("English has a row");
        Words { code, stops, locatives: LOCATIVE_SETS.get(code) }
    }

    /// The code of the language.
    pub(super) fn code(self) -> &'static str {
        self.code
    }

    /// Is the folded word a function word?
    pub(super) fn is_function(self, word: &str) -> bool {
        self.stops.contains(word) || self.is_contraction(word)
    }

    /// Is it a function word with another, shortened: `I've`?
    pub(super) fn is_contraction(self, word: &str) -> bool {
        word.split_once(['\'', '’']).is_some_and(|(first, rest)| {
            matches!(rest, "ve" | "ll" | "d" | "re" | "m" | "t" | "s")
                && (self.stops.contains(first) || first.ends_with('n'))
        })
    }

    /// Is it a preposition of places?
    pub(super) fn is_locative(self, word: &str) -> bool {
        self.locatives.is_some_and(|words| words.contains(word))
    }

    /// Are nouns written with capitals, or may they be, as the language is not known?
    pub(super) fn has_capital_nouns(self) -> bool {
        matches!(self.code, "de" | "")
    }

    /// Do names have cases, told by their endings?
    pub(super) fn is_slavic(self) -> bool {
        matches!(self.code, "ru" | "uk" | "be" | "bg" | "mk" | "sr" | "pl" | "cs" | "sk" | "hr" | "sl" | "bs")
    }

    /// Is it a Slavic language in Cyrillic letters?
    pub(super) fn is_cyrillic(self) -> bool {
        matches!(self.code, "ru" | "uk" | "be" | "bg" | "mk" | "sr")
    }

    /// Is it a common given name, in any case where names have cases?
    pub(super) fn is_given_name(self, word: &str) -> bool {
        const ENDINGS: &[&str] =
            &["ом", "ем", "ой", "ей", "ью", "а", "я", "у", "ю", "ы", "и", "е", "owi", "em", "a", "u", "y", "i", "e"];
        const NOMINATIVES: &[&str] = &["", "а", "я", "й", "ь", "a"];
        if is_given_name(word) {
            return true;
        }
        let mut stems =
            ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)).filter(|stem| stem.chars().count() > 2);
        self.is_slavic() && stems.any(|stem| NOMINATIVES.iter().any(|ending| is_given_name(&format!("{stem}{ending}"))))
    }

    /// Is a name followed by `s` without an apostrophe in the genitive?
    pub(super) fn has_plain_genitive(self) -> bool {
        matches!(self.code, "de" | "sv" | "da" | "no")
    }

    /// Are articles and prepositions written with an apostrophe before the word that follows?
    pub(super) fn has_elision(self) -> bool {
        matches!(self.code, "fr" | "it" | "ca")
    }

    /// Does `de` join any two parts of a name?
    pub(super) fn is_romance(self) -> bool {
        matches!(self.code, "fr" | "es" | "it" | "pt" | "ca" | "gl" | "ro")
    }
}

/// Is the folded word of the calendar?
pub(super) fn is_calendar(word: &str) -> bool {
    CALENDAR_SET.contains(word)
}

/// Is it an adjective or number that begins sentences?
pub(super) fn is_opener(word: &str) -> bool {
    OPENER_SET.contains(word)
}

/// Is it a nationality, faith, allegiance or language?
pub(super) fn is_demonym(word: &str) -> bool {
    DEMONYM_SET.contains(word)
}

/// Is it a title, also the last part of a compound: `Ex-Minister`, `US-Präsident`, `Vizepräsident`?
pub(super) fn is_title(word: &str, words: Words) -> bool {
    // Short forms that are other words or initials in other languages.
    match word {
        "m" | "mm" | "me" => return words.code() == "fr",
        "sr" | "sra" | "don" | "dona" => return matches!(words.code(), "es" | "pt"),
        "on" | "ing" | "avv" => return words.code() == "it",
        "hr" | "fr" | "star" | "partei" | "graf" | "mutter" | "vater" | "sohn" | "tochter" | "freund" | "kollege" => {
            return words.code() == "de";
        }
        "pan" | "ks" => return matches!(words.code(), "pl" | "cs"),
        _ => {}
    }
    if TITLE_SET.contains(word) {
        return true;
    }
    // `Detectives Ada Holm and Karl Voss`
    if words.code() == "en" && word.strip_suffix('s').is_some_and(|one| one.len() > 5 && TITLE_SET.contains(one)) {
        return true;
    }
    if let Some((_, last)) = word.rsplit_once('-') {
        return last.len() > 2 && is_title(last, words);
    }
    words.has_capital_nouns() && is_german_title(word)
}

/// Does a German compound end with an office or calling?
fn is_german_title(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "prasident",
        "prasidenten",
        "minister",
        "ministers",
        "kanzler",
        "kanzlers",
        "chef",
        "chefs",
        "sprecher",
        "politiker",
        "trainer",
        "direktor",
        "leiter",
        "sekretar",
        "meister",
        "vorsitzende",
        "vorsitzender",
        "vorsitzenden",
        "beauftragte",
        "beauftragter",
        "experte",
        "experten",
        "forscher",
        "redakteur",
        "reporter",
        "spieler",
        "anwalt",
        "richter",
        "kommissar",
        "rat",
        "fuhrer",
        "manager",
        "autor",
        "star",
        "kollege",
        "vertreter",
        "berater",
        "inhaber",
        "grunder",
        "besitzer",
        "wissenschaftler",
        "historiker",
        "okonom",
        "soziologe",
        "psychologe",
        "journalist",
        "kandidat",
        "kandidaten",
        "schauspieler",
        "sanger",
        "kunstler",
    ];
    let word = word.strip_suffix("in").unwrap_or(word);
    ENDINGS.iter().any(|ending| word.ends_with(ending) && word.len() > ending.len())
}

/// Is it a title only sometimes, and often the first word of other names?
pub(super) fn is_rare_title(word: &str) -> bool {
    matches!(
        word,
        "general"
            | "prime"
            | "chief"
            | "major"
            | "king"
            | "queen"
            | "prince"
            | "princess"
            | "duke"
            | "singer"
            | "champion"
            | "director"
            | "father"
            | "mother"
            | "brother"
            | "sister"
            | "captain"
            | "judge"
            | "justice"
            | "star"
            | "lord"
            | "lady"
            | "dame"
            | "count"
            | "earl"
            | "coach"
            | "marshal"
            | "premier"
            | "executive"
            | "commander"
            | "officer"
            | "bishop"
            | "pope"
            | "cardinal"
            | "page"
            | "baron"
            | "sheriff"
            | "constable"
            | "skipper"
            | "mayor"
            | "manager"
            | "master"
            | "colonel"
            | "analyst"
            | "principal"
    )
}

/// Is it a title that is also a surname?
pub(super) fn is_title_or_surname(word: &str) -> bool {
    matches!(
        word,
        "king" | "bishop" | "judge" | "pope" | "dean" | "prince" | "duke" | "baron" | "deacon" | "constable" | "major"
    )
}

/// Is it one of the surnames that most Koreans have?
pub(super) fn is_korean_surname(word: &str) -> bool {
    matches!(
        word,
        "kim" | "lee" | "park" | "choi" | "jung" | "chung" | "kang" | "cho" | "yoon" | "jang" | "lim" | "ban" | "moon"
    )
}

/// Is it a form of a company that ends its name?
pub(super) fn is_final_form(word: &str) -> bool {
    matches!(word, "inc" | "incorporated" | "ltd" | "plc" | "llc" | "llp" | "gmbh")
}

/// Is it a form of a company that ends its name, or `Corp`?
pub(super) fn is_final_form_or_corp(word: &str) -> bool {
    is_final_form(word) || matches!(word, "corp" | "co" | "cos" | "corporation")
}

/// Is it what a body is of, not a kind of body: `the Energy and Commerce Committee`?
pub(super) fn is_topic(word: &str) -> bool {
    matches!(word, "energy" | "commerce" | "oil" | "gas" | "power" | "trade" | "insurance" | "securities" | "financial")
}

/// Is it a body, or an office of one, that is often written in small letters after its name: `the Senate Agriculture subcommittee`?
pub(super) fn ends_body(word: &str) -> bool {
    matches!(word, "committee" | "subcommittee" | "court" | "leader" | "leaders" | "whip" | "judge" | "speaker")
}

/// Is it something to eat or drink that restaurants are not called after, as they are after pizza or coffee?
pub(super) fn is_dish(word: &str) -> bool {
    DISH_SET.contains(word)
}

/// Is it something to eat or drink?
pub(super) fn is_food(word: &str) -> bool {
    DISH_SET.contains(word) || FOOD_SET.contains(word)
}

/// Does it say that dishes or drinks follow: `options include`, `topped with`?
pub(super) fn is_word_of_menus(word: &str) -> bool {
    matches!(
        word,
        "dish"
            | "dishes"
            | "menu"
            | "entree"
            | "entrees"
            | "appetizer"
            | "appetizers"
            | "dessert"
            | "desserts"
            | "cocktail"
            | "cocktails"
            | "sandwich"
            | "sandwiches"
            | "pastries"
            | "toppings"
            | "topped"
            | "drizzled"
            | "sauce"
            | "salad"
            | "salads"
            | "flavors"
            | "flavours"
            | "condiments"
            | "ingredients"
    )
}

/// Is it a place where one eats or drinks?
pub(super) fn is_eatery(word: &str) -> bool {
    matches!(
        word,
        "bar"
            | "bars"
            | "cafe"
            | "deli"
            | "bakery"
            | "bakeries"
            | "grill"
            | "grocery"
            | "kitchen"
            | "diner"
            | "pizzeria"
            | "tavern"
            | "lounge"
            | "market"
            | "room"
            | "steakhouse"
            | "boutique"
            | "brewery"
            | "brasserie"
            | "bistro"
            | "shop"
            | "pub"
            | "saloon"
            | "garden"
            | "cellar"
            | "hospitality"
            | "farm"
            | "farms"
            | "company"
    )
}

/// Is it a verb made of the name of a network or program, which keeps its capital: `Tweeted`?
pub(super) fn is_verb_of_networks(word: &str) -> bool {
    matches!(
        word,
        "tweeted"
            | "retweeted"
            | "tweets"
            | "tweeting"
            | "instagrammed"
            | "facebooked"
            | "googled"
            | "photoshopped"
            | "skyped"
            | "yelped"
            | "tumbled"
    )
}

/// Is it a law, or what may become one?
pub(super) fn is_law(word: &str) -> bool {
    matches!(word, "bill" | "act" | "law")
}

/// Is it a member of a party?
pub(super) fn is_party_member(word: &str) -> bool {
    matches!(word.strip_suffix('s').unwrap_or(word), "democrat" | "republican" | "conservative" | "socialist")
}

/// Is it a street?
pub(super) fn is_street(word: &str) -> bool {
    matches!(word, "street" | "st" | "avenue" | "ave" | "road" | "rd" | "blvd" | "boulevard" | "parkway" | "pkwy")
}

/// Is it streets, of which several are named?
pub(super) fn is_streets(word: &str) -> bool {
    matches!(word, "avenues" | "aves" | "streets" | "sts")
}

/// Does it say when somebody has an office: `former`?
pub(super) fn is_of_time(word: &str) -> bool {
    matches!(
        word,
        "former"
            | "ehemalige"
            | "ehemaliger"
            | "fruhere"
            | "fruherer"
            | "designierte"
            | "ex"
            | "late"
            | "then"
            | "incoming"
            | "outgoing"
            | "acting"
            | "interim"
            | "first"
            | "second"
    )
}

/// Is it a place within a town that a body may be named after: `Bryant Park Corporation`?
pub(super) fn is_place_in_town(word: &str) -> bool {
    matches!(
        word,
        "park"
            | "bridge"
            | "square"
            | "plaza"
            | "island"
            | "lake"
            | "river"
            | "airport"
            | "village"
            | "garden"
            | "gardens"
    )
}

/// Is it part of a longer title?
pub(super) fn is_of_title(word: &str) -> bool {
    OF_TITLE_SET.contains(word)
}

/// Does it stand between the words of a name?
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLE_SET.contains(word)
}

/// Does it begin surnames?
pub(super) fn is_surname_particle(word: &str) -> bool {
    SURNAME_PARTICLE_SET.contains(word)
}

/// Is it a kind of company?
pub(super) fn is_company_form(word: &str) -> bool {
    COMPANY_SET.contains(word.trim_end_matches('.'))
}

/// Is it an abbreviation that is no name?
pub(super) fn is_common_acronym(word: &str) -> bool {
    ACRONYM_SET.contains(word)
}

/// Is it a noun of bodies and places?
pub(super) fn is_body_noun(word: &str) -> bool {
    BODY_SET.contains(word)
}

/// Is it an adjective of bodies, in a language that writes it in small letters?
pub(super) fn is_adjective_of_bodies(word: &str) -> bool {
    BODY_ADJECTIVE_SET.contains(word)
}

/// Does it follow the noun of a body, in small letters?
pub(super) fn is_complement_of_bodies(word: &str) -> bool {
    BODY_COMPLEMENT_SET.contains(word)
}

/// Is it a German noun of bodies or places?
pub(super) fn is_german_body(word: &str) -> bool {
    GERMAN_BODY_SET.contains(word)
}

/// Is it a German noun with which a name begins?
pub(super) fn is_german_head(word: &str) -> bool {
    GERMAN_HEAD_SET.contains(word)
}

/// Is it a long German noun with an ending of the plural?
pub(super) fn is_long_plural(word: &str) -> bool {
    word.ends_with("en") && word.chars().count() > 10 && !word.contains('-')
}

/// Is it a common given name?
pub(super) fn is_given_name(word: &str) -> bool {
    GIVEN_NAME_SET.contains(word)
}

/// Has it an ending of German nouns?
pub(super) fn has_noun_ending(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ung", "ungen", "heit", "keit", "schaft", "schaften", "tion", "tionen", "itat", "ismus", "nis", "tum", "chen",
        "jahrige", "jahriger",
    ];
    ENDINGS.iter().any(|ending| word.ends_with(ending) && word.len() > ending.len() + 2)
}

/// Is it a Russian or Ukrainian noun of bodies or places, in any case: `суда`, `области`?
pub(super) fn is_slavic_body(word: &str) -> bool {
    const STEMS: &[&str] = &[
        "суд",
        "дум",
        "союз",
        "совет",
        "банк",
        "палат",
        "республик",
        "област",
        "фонд",
        "комитет",
        "федераци",
        "академи",
        "театр",
        "музе",
        "флот",
        "арми",
        "мор",
        "океан",
        "университет",
        "институт",
        "парламент",
        "парти",
        "рад",
        "прокуратур",
        "округ",
        "комисси",
        "церк",
        "площад",
        "проспект",
        "republi",
        "uni",
        "parti",
        "ministerst",
        "uniwersytet",
        "univerzit",
        "instytut",
        "komisj",
        "rad",
        "sejm",
    ];
    STEMS.iter().any(|stem| word.strip_prefix(stem).is_some_and(|ending| ending.chars().count() < 4))
}

/// Has it an ending of Russian or Ukrainian adjectives: `Верховного`?
pub(super) fn is_slavic_adjective(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ый", "ий", "ой", "ого", "его", "ому", "ему", "ым", "им", "ом", "ем", "ая", "яя", "ую", "юю", "ое", "ее", "ые",
        "ие", "ых", "их", "ьна", "ьної", "ьний",
    ];
    word.chars().count() > 5 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Is it a Russian or Ukrainian noun of bodies that another in small letters follows: `Министерство обороны`?
pub(super) fn is_slavic_body_of(word: &str) -> bool {
    const STEMS: &[&str] = &["министерств", "совет", "академи", "міністерств", "комитет", "рад"];
    STEMS.iter().any(|stem| word.strip_prefix(stem).is_some_and(|ending| ending.chars().count() < 4))
}

/// The words of a name without `Jr` or a numeral at its end.
pub(super) fn without_junior(words: &[String]) -> &[String] {
    match words {
        [rest @ .., last] if rest.len() > 1 && is_numeral(last) => rest,
        _ => words,
    }
}

/// Does it begin names of places?
pub(super) fn is_place_beginning(word: &str) -> bool {
    PLACE_SET.contains(word)
}

/// Is it a numeral after a name?
pub(super) fn is_numeral(word: &str) -> bool {
    NUMERAL_SET.contains(word)
}

/// Does its point end no sentence?
pub(super) fn is_abbreviation(word: &str) -> bool {
    ABBREVIATION_SET.contains(word)
}

/// Does it stand before a noun of German?
pub(super) fn is_determiner(word: &str) -> bool {
    DETERMINER_SET.contains(word)
}

/// Is it an elided article that was cut from the word after it?
pub(super) fn is_particle_sign(word: &str) -> bool {
    matches!(word, "l" | "d" | "dell" | "all" | "nell" | "sull" | "dall" | "qu")
}

/// Is it a title with which `of` makes one name: `Duke of York`?
pub(super) fn is_noble(word: &str) -> bool {
    matches!(
        word,
        "duke"
            | "duchess"
            | "prince"
            | "princess"
            | "earl"
            | "count"
            | "countess"
            | "archbishop"
            | "bishop"
            | "king"
            | "queen"
            | "marquess"
            | "baron"
            | "baroness"
    )
}

/// Does a place follow the name of who bears this title: `Lord Holm of Halden`?
pub(super) fn is_peer(word: &str) -> bool {
    matches!(word, "lord" | "lady" | "baroness" | "viscount" | "baron")
}

/// Is it a body or a treaty whose subject follows `on`: `Convention on Human Rights`?
pub(super) fn is_body_on(word: &str) -> bool {
    matches!(
        word,
        "agreement"
            | "convention"
            | "commission"
            | "committee"
            | "subcommittee"
            | "council"
            | "conference"
            | "treaty"
            | "panel"
            | "coalition"
    )
}

/// Is it a month that may be a surname?
pub(super) fn is_month(word: &str) -> bool {
    matches!(word, "march" | "april" | "may" | "june" | "july" | "august" | "ramadan")
}

/// Is it a form of address, which no other name begins with?
pub(super) fn is_address(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "dr"
            | "sir"
            | "hr"
            | "herr"
            | "herrn"
            | "frau"
            | "mme"
            | "mlle"
            | "monsieur"
            | "madame"
            | "senor"
            | "senora"
            | "signor"
            | "signora"
            | "mevrouw"
            | "meneer"
            | "pani"
            | "господин"
            | "госпожа"
            | "г-н"
            | "г-жа"
            | "пан"
            | "пані"
    )
}

/// Is it a direction, or a word like one, that is no name alone?
pub(super) fn is_direction(word: &str) -> bool {
    matches!(
        word,
        "north"
            | "south"
            | "east"
            | "west"
            | "northern"
            | "southern"
            | "eastern"
            | "western"
            | "northeast"
            | "northwest"
            | "southeast"
            | "southwest"
            | "central"
            | "nord"
            | "sud"
            | "ost"
            | "est"
            | "ouest"
            | "norte"
            | "sur"
            | "este"
            | "oeste"
            | "север"
            | "юг"
            | "восток"
            | "запад"
            | "anglo"
            | "new"
    )
}

/// Has the word the ending of a verb of Russian or Ukrainian that reports: `Приехал`, `Сообщила`?
pub(super) fn is_slavic_verb(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ал", "ял", "ил", "ала", "яла", "ила", "али", "яли", "или", "ает", "яет", "ует", "ют", "ав", "ив", "лся",
        "лась", "лись",
    ];
    const NAMES: &[&str] = &["аил", "иил", "уил", "слав"];
    ENDINGS.iter().any(|ending| word.ends_with(ending)) && !NAMES.iter().any(|ending| word.ends_with(ending))
}

/// Is it a short or foreign name of a month that is a given name, too: `Jan`, `Marco`?
pub(super) fn is_month_or_given_name(word: &str) -> bool {
    matches!(word, "jan" | "marco" | "maja" | "mart" | "natale" | "sali" | "noel" | "marca")
}
