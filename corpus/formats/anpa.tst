a0077_local
r l BC-NOR--Lighthouse  09-15 0095
^BC-NOR--Lighthouse,95<
^Lighthouse at Skarvik is lit again<
^Eds: Fiction, written for the sample corpus.<
^By TOMAS BREKKE=
^Halden Press=
	   SKARVIK (HP) _ The lighthouse at Skarvik, dark for eleven years, was lit again on Friday evening before some four hundred people.
	   The keeper's house will open as a museum in spring. Volunteers from the village laid the slates and painted the gallery, and the council of Halden paid for the glass.
	   The new lamp turns once in twelve seconds, as the old one did. It uses a tenth of the power, the harbour office said, and can be seen for nineteen miles.
	   HP-WF-09-15-23 1630GMT<

