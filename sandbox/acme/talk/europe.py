"""What is said in Russian, Greek, German, French, and Spanish and Portuguese."""

RUSSIAN = """
Доброе утро! Кто сегодня в офисе?
Я, до обеда
Я из дома

Счёт {inv} клиент оплатил?
Пока нет, обещали до пятницы
Напомните им, пожалуйста, срок вышел

Договор с {customer} согласован, осталась подпись
Кто подписывает со стороны клиента?
Новый директор, доверенность уже прислали

Груз застрял на границе, не хватает сертификата
Сертификат происхождения отправил вчера
Получили, оформляем

Клиент жалуется: датчик показывает на {percent} больше
Проверьте заземление и версию прошивки
Прошивка {version}, обновляем сегодня

Когда будет поставка {product}?
По плану {n} числа, но поставщик задерживает литьё
Понятно, предупрежу клиента

Коллеги, отчёт за квартал нужен завтра к обеду
Мой готов
Мой будет вечером

Поздравляю с днём рождения!
Спасибо большое!
Торт на кухне

Проверила закрытие месяца, расхождение {amount}
Это курсовая разница
Да, нашла, спасибо

Тестовый стенд занят до четверга
Мне нужно всего два часа
Договорились, приходи в {time}

Прошу не удалять переписку с поставщиком, юристы просили сохранить всё
Понял
Принято, предупрежу склад
"""

GREEK = """
Καλημέρα! Ανέβηκε η νέα έκδοση {version}
Τέλεια, το δοκιμάζω τώρα
Υπάρχει ένα σφάλμα στον χάρτη, άνοιξα το {ticket}

Πάμε για καφέ;
Σε πέντε λεπτά
Έρχομαι κι εγώ
"""

GERMAN = """
Moin, ist jemand heute im Labor?
Ich ab zehn
Kannst du bitte den Prüfstand laufen lassen?

Die Rechnung {inv} ist immer noch offen, Mahnung raus?
Bitte erst anrufen, der Kunde ist empfindlich
Angerufen, zahlt bis Freitag

Wer hat den Schlüssel für {room}?
Liegt bei mir, ich bringe ihn hoch
Danke

Besprechung auf {time} verschoben
Passt
Passt mir auch

Der Lieferant {supplier} kommt am {date}, wer macht die Führung?
Ich übernehme das
Bitte die Halle vorher aufräumen

Prüfbericht für {product} ist fertig, Abweichung unter einem Prozent
Sehr schön
Liegt im Ordner, bitte gegenlesen

Größere Änderungen bitte vor Mittwoch, danach ist Codefreeze
Verstanden
Meine sind schon drin

Mittagessen? Es gibt {food}
Bin dabei
Ich auch, fünf Minuten

Umsatz darf erst mit Abnahme gebucht werden, nicht mit der Unterschrift
So steht es auch in der Richtlinie
Dann bitte die drei Aufträge zurückdrehen
"""

FRENCH = """
Bonjour à tous, la réunion est déplacée à {time}
Noté
Merci

Le client {customer} demande un avoir sur la facture {inv}
Pour quel motif ?
Quantité erronée, {n} pièces au lieu de douze
D'accord, je prépare l'avoir

Quelqu'un a vu le badge de la salle {room} ?
Sur l'étagère à côté de l'imprimante
Trouvé, merci !

L'intervention chez {customer} est terminée, tout fonctionne
Bravo, pense au rapport signé
Il est dans le dossier

Qui vient déjeuner ?
Moi, s'il reste une place
On t'attend

La clôture est prévue vendredi, il manque encore les notes de frais
Les miennes arrivent ce soir
Merci, sinon elles passent au mois prochain

Attention, les échanges avec le commissaire aux comptes doivent être conservés
Compris
Je le rappelle à l'équipe
"""

SPANISH = """
Buenos días, ¿alguien en la oficina hoy?
Yo, hasta las cinco
Yo voy por la tarde

¿Llegó el pago de {customer}?
Todavía no, prometieron mañana
Bom, avisa quando chegar por favor

El camión sale a las {time}, ¿está listo el pedido {po}?
Falta la etiqueta de {n} cajas
Listo, ya está cargado

O servidor {host} caiu outra vez
Vou reiniciar, dá-me dois minutos
Já está, obrigado

¿Quién tiene la última versión de la oferta?
Está en la carpeta, versión tres
Gracias

Señores, mañana es festivo en Porto
Aproveita!
Qué suerte

La pieza no coincide con el plano, medio milímetro
¿De qué proveedor?
{supplier}, lote nuevo. Lo bloqueo
"""
