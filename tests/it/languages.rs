//! Words, inflected forms, phrases and substrings in many languages: what is found and which text is marked.

use crate::util::TestDir;

/// Language code, a fictional story, and queries with the marked text.
type Story = (&'static str, &'static str, &'static [(&'static str, &'static [&'static str])]);

const STORIES: &[Story] = &[
    (
        "ar",
        "أعلن عمال الميناء إضرابا يوم الاثنين بعد فشل المحادثات حول الأجور. تنتظر سبع عشرة سفينة خارج الميناء، وقالت النقابة إن الإضراب مفتوح. ورفض وزير النقل التعليق على مطالب العاملين، ودعا رئيس البلدية الطرفين إلى التفاوض. وتراجعت الصادرات بنسبة ١٥ في المائة.",
        &[
            ("ميناء", &["الميناء", "الميناء"]),
            ("إِضْرابًا", &["إضرابا", "الإضراب"]),
            ("\"سبع عشرة سفينة\"", &["سبع عشرة سفينة"]),
            ("سفينه", &["سفينة"]),
            ("النقابة", &["النقابة"]),
            ("أجور", &["الأجور"]),
            ("\"وزير النقل\"", &["وزير النقل"]),
            ("مطالب", &["مطالب"]),
            ("\"رئيس البلدية\"", &["رئيس البلدية"]),
            ("صادرات", &["الصادرات"]),
            ("محادثات", &["المحادثات"]),
        ],
    ),
    (
        "zh",
        "港口工人星期一停止工作，工会要求提高工资。渡轮停航，旅客滞留在码头。交通部长表示，谈判将于星期四继续进行。十七艘货船在港外等候。",
        &[
            ("\"口工人\"", &["口工人"]),
            ("旅客", &["旅客"]),
            ("停止工作 工资", &["停止工作", "工资"]),
            ("\"会要求\"", &["会要求"]),
            ("交通部长", &["交通部长"]),
            ("\"通部\"", &["通部"]),
            ("\"谈判将于\"", &["谈判将于"]),
            ("货船", &["货船"]),
            ("星期四", &["星期四"]),
            ("\"港外等\"", &["港外等"]),
            ("渡轮 旅客", &["渡轮", "旅客"]),
        ],
    ),
    (
        "ja",
        "港で働く人々は月曜日に仕事を止めた。組合は賃金の引き上げを求めている。フェリーは運休した。国土交通大臣は「交渉を続ける」と述べた。十七隻の貨物船が沖で待っている。",
        &[
            ("\"働く人\"", &["働く人"]),
            ("フェリー", &["フェリー"]),
            ("賃金", &["賃金"]),
            ("\"引き上\"", &["引き上"]),
            ("国土交通大臣", &["国土交通大臣"]),
            ("\"通大\"", &["通大"]),
            ("\"交渉を続ける\"", &["交渉を続ける"]),
            ("貨物船", &["貨物船"]),
            ("\"沖で待\"", &["沖で待"]),
            ("ﾌｪﾘｰ", &["フェリー"]),
            ("組合 賃金", &["組合", "賃金"]),
        ],
    ),
    (
        "ko",
        "항만 노동자들이 월요일에 작업을 멈췄다. 노조는 임금 인상을 요구하고 있다.",
        &[("노동자", &["노동자"]), ("임금", &["임금"]), ("\"임금 인상\"", &["임금 인상"])],
    ),
    (
        "ru",
        "Докеры остановили работу в порту в понедельник после провала переговоров. Семнадцать судов стоят на рейде, паромы ходят по расписанию. Министр транспорта призвал стороны вернуться к переговорам. Ещё утром рабочие требовали повышения зарплаты.",
        &[
            ("порт", &["порту"]),
            ("СУДА", &["судов"]),
            ("\"семнадцать судов\"", &["Семнадцать судов"]),
            ("докер", &["Докеры"]),
            ("переговоры", &["переговоров", "переговорам"]),
            ("стороны", &["стороны"]),
            ("\"министр транспорта\"", &["Министр транспорта"]),
            ("еще", &["Ещё"]),
            ("рабочий", &["рабочие"]),
            ("зарплата", &["зарплаты"]),
            ("повышение", &["повышения"]),
        ],
    ),
    (
        "de",
        "Die Hafenarbeiter legten am Montag die Arbeit nieder, siebzehn Schiffe warten. In der Hafenstraße standen die Häfen still. Der Verkehrsminister lehnte die Forderungen der Gewerkschaften ab. Über höhere Löhne wird am Donnerstag verhandelt.",
        &[
            ("Schiff", &["Schiffe"]),
            ("Hafenstrasse", &["Hafenstraße"]),
            ("hafen", &["Häfen"]),
            ("\"die Arbeit\"", &["die Arbeit"]),
            ("Forderung", &["Forderungen"]),
            ("Gewerkschaft", &["Gewerkschaften"]),
            ("verkehrsministers", &["Verkehrsminister"]),
            ("uber", &["Über"]),
            ("Lohn", &["Löhne"]),
            ("\"höhere Löhne\"", &["höhere Löhne"]),
            ("höhere", &["höhere"]),
        ],
    ),
    (
        "fr",
        "Les dockers ont cessé le travail lundi à l'aube. Dix-sept navires attendent, et les hausses restent refusées. L'œuvre est à Évian. Le ministre des Transports a reçu les syndicats, qui réclament de meilleurs salaires.",
        &[
            ("hausse", &["hausses"]),
            ("navire", &["navires"]),
            ("oeuvre", &["œuvre"]),
            ("evian", &["Évian"]),
            ("syndicat", &["syndicats"]),
            ("aube", &["aube"]),
            ("\"ministre des Transports\"", &["ministre des Transports"]),
            ("salaire", &["salaires"]),
            ("meilleur", &["meilleurs"]),
            ("refusé", &["refusées"]),
            ("\"cessé le travail\"", &["cessé le travail"]),
        ],
    ),
    (
        "es",
        "Los estibadores pararon el lunes después del fracaso de las negociaciones. Diecisiete buques esperan frente a los puertos de la mañana. El ministro de Transportes recibió a los sindicatos, que exigen aumentos salariales.",
        &[
            ("puerto", &["puertos"]),
            ("buque", &["buques"]),
            ("manana", &["mañana"]),
            ("negociación", &["negociaciones"]),
            ("sindicato", &["sindicatos"]),
            ("estibador", &["estibadores"]),
            ("\"ministro de Transportes\"", &["ministro de Transportes"]),
            ("aumento", &["aumentos"]),
            ("salarial", &["salariales"]),
            ("exigir", &["exigen"]),
            ("\"frente a los puertos\"", &["frente a los puertos"]),
        ],
    ),
    (
        "pt",
        "Os trabalhadores do porto pararam na segunda-feira depois das negociações falhadas. Dezessete navios esperam, e as balsas não saíram. O ministro dos Transportes recebeu os sindicatos, que pedem aumentos de salário.",
        &[
            ("trabalhador", &["trabalhadores"]),
            ("navio", &["navios"]),
            ("nao", &["não"]),
            ("\"segunda-feira\"", &["segunda-feira"]),
            ("negociação", &["negociações"]),
            ("saíram", &["saíram"]),
            ("sindicato", &["sindicatos"]),
            ("aumento", &["aumentos"]),
            ("\"ministro dos Transportes\"", &["ministro dos Transportes"]),
            ("balsa", &["balsas"]),
            ("salários", &["salário"]),
        ],
    ),
    (
        "tr",
        "İstanbul limanında işçiler pazartesi günü greve çıktı. On yedi gemi açıkta bekliyor, feribotlar seferlerini sürdürüyor. Ulaştırma Bakanı sendikalarla görüştü, ücret artışı istendi. IĞDIR yolu açık.",
        &[
            ("istanbul", &["İstanbul"]),
            ("işçi", &["işçiler"]),
            ("isci", &["işçiler"]),
            ("feribot", &["feribotlar"]),
            ("gemi", &["gemi"]),
            ("sendika", &["sendikalarla"]),
            ("\"Ulaştırma Bakanı\"", &["Ulaştırma Bakanı"]),
            ("ığdır", &["IĞDIR"]),
            ("ücret", &["ücret"]),
            ("sefer", &["seferlerini"]),
            ("\"on yedi gemi\"", &["On yedi gemi"]),
        ],
    ),
    (
        "hi",
        "बंदरगाह के मजदूरों ने सोमवार को काम रोक दिया। यूनियन ने वेतन बढ़ाने की मांग की है। सत्रह जहाज बाहर खड़े हैं और नौकाएं चल रही हैं। परिवहन मंत्री ने कर्मचारियों से बातचीत की और कहा कि सरकार मांगों पर विचार करेगी।",
        &[
            ("मजदूर", &["मजदूरों"]),
            ("जहाज", &["जहाज"]),
            ("\"वेतन बढ़ाने\"", &["वेतन बढ़ाने"]),
            ("नौका", &["नौकाएं"]),
            ("मांग", &["मांग", "मांगों"]),
            ("\"परिवहन मंत्री\"", &["परिवहन मंत्री"]),
            ("कर्मचारी", &["कर्मचारियों"]),
            ("सोमवार", &["सोमवार"]),
            ("सरकार", &["सरकार"]),
            ("\"सत्रह जहाज\"", &["सत्रह जहाज"]),
            ("जहाजों", &["जहाज"]),
        ],
    ),
    (
        "he",
        "עובדי הנמל שבתו ביום שני לאחר כישלון השיחות. שבע עשרה אוניות ממתינות מחוץ לנמל.",
        &[
            ("אוניות", &["אוניות"]),
            ("אֳנִיּוֹת", &[]),
            ("\"שבע עשרה אוניות\"", &["שבע עשרה אוניות"]),
            ("*נמל", &["הנמל", "לנמל"]),
        ],
    ),
    ("th", "คนงานท่าเรือหยุดงานในวันจันทร์ สหภาพเรียกร้องขึ้นค่าจ้าง", &[("ท่าเรือ", &["ท่าเรือ"]), ("\"หยุดงาน\"", &["หยุดงาน"])]),
];

/// Links within running text are the article's in scripts without spaces too; those after it lead elsewhere.
#[test]
fn links_within_chinese_text_are_searched() {
    let dir = TestDir::new();
    let sentence = "港口工人周一停止工作，工会表示谈判已经破裂，从那以后没有任何船只卸货，市长在码头上数了十一艘船。";
    let page = format!(
        "<html><head><title>港口罢工</title></head><body><article><h1>港口罢工</h1><p>{sentence}</p>\
         <ul><li><a href=\"/a\">归属之歌</a></li><li><a href=\"/b\">渔人码头</a></li></ul><p>{sentence}</p><p>{sentence}</p>\
         </article></body></html>"
    );
    dir.write("news/a.html", page);
    dir.run(&["index", "news"]).ends(0);
    for query in ["归属之歌", "渔人码头"] {
        assert_eq!(dir.hits(&[query]).len(), 1, "{query}");
    }
}

#[test]
fn words_of_many_languages() {
    let dir = TestDir::new();
    for (code, text, _) in STORIES {
        dir.write(&format!("news/{code}.txt"), format!("{}\n\n{text}\n", code.to_uppercase()));
    }
    dir.run(&["index", "news"]).ends(0);
    for (code, _, queries) in STORIES {
        for (query, expected) in *queries {
            let hits = dir.hits(&[&format!("{query} path:{code}.txt")]);
            let marked: Vec<String> = hits
                .iter()
                .flat_map(|hit| {
                    let text = hit["text"].as_str().expect("a text");
                    let at = |mark: &serde_json::Value, i: usize| mark[i].as_u64().expect("an offset") as usize;
                    hit["marks"]
                        .as_array()
                        .expect("marks")
                        .iter()
                        .map(move |mark| text[at(mark, 0)..at(mark, 1)].to_string())
                })
                .collect();
            assert_eq!(&marked, expected, "{code}: {query}");
        }
    }
}
