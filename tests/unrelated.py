"""Invented articles on sixteen subjects: no two have anything in common."""

SUBJECTS = (
    *("Dam bursts at Velmora", "Chess open won by a teenager", "Budget raises fuel tax", "Comet seen over Tarsk"),
    *("Surgeons separate twins", "Opera house reopens", "Wheat harvest fails", "Bank cuts its forecast"),
    *("Ferry runs aground", "Painter wins prize", "Glacier loses metres", "Court frees journalist"),
    *("Tunnel opened after decade", "Vaccine trial halted", "Cyclist tested positive", "Volcano wakes"),
)
TEXTS = (
    "The wall gave way in the night and water reached the roofs of the lower town.",
    "She gave up a rook in the last round, and the grandmaster resigned nine moves later.",
    "Parliament voted by a margin of twelve, and farmers blocked roads with tractors.",
    "Astronomers expect its tail to be visible without a telescope until the end of May.",
    "The operation took nineteen hours, and both infants breathe by themselves now.",
    "Singers rehearsed for months below scaffolding; the first premiere is sold out.",
    "Drought left the ears empty across four provinces, and imports will double.",
    "Economists now see growth of half a percent, and blame the price of copper.",
    "All passengers were taken off by lifeboats before the tide turned at dusk.",
    "The jury praised her portraits of dock workers, made with tar and chalk.",
    "Measurements from orbit show that the ice has thinned faster than models said.",
    "The judges found that her reporting on the prison had been in the public interest.",
    "Drilling through the granite cost twice what engineers had promised at first.",
    "Two volunteers fell ill within a day, and the maker stopped all injections.",
    "The winner of the mountain stage denies having taken any banned substance.",
    "Ash rose nine kilometres and closed three airports on the neighbouring islands.",
)
