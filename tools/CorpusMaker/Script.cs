namespace SpeechGan.CorpusMaker;

/// <summary>One pair to make. SNR in dB over the whole clip.</summary>
internal sealed record Item(string Part, string Noise, int Decibels, string Voice, int WordsPerMinute, int Pitch, string Sentence);

/// <summary>
/// What the corpus consists of. Sentences are our own. Valid and test have voices and sentences that training has not, and the same kinds
/// of noise in other realisations; about 60 % of the noise is stationary and broadband (white, pink, fan).
/// </summary>
internal static class Script
{
    internal static readonly Item[] Items =
    [
        new("train", "white", 20, "en-us", 182, 45, "The kettle sings on the old stove."),
        new("train", "pink", 20, "en-us", 167, 60, "Seven boats came home at noon."),
        new("train", "fan", 15, "en-us", 192, 35, "She folded the map and smiled."),
        new("train", "hum", 10, "en-us", 177, 50, "A narrow path leads to the mill."),
        new("train", "white", 25, "en-us+f2", 182, 55, "Bring the ladder to the garden."),
        new("train", "pink", 15, "en-us+f2", 172, 45, "He planted beans under the wall."),
        new("train", "fan", 20, "en-us+f2", 187, 60, "Our train was late but warm."),
        new("train", "babble", 15, "en-us+f2", 177, 50, "Nobody noticed the small red door."),
        new("train", "white", 15, "en-gb", 177, 50, "Rain drummed on the roof all night."),
        new("train", "pink", 25, "en-gb", 187, 40, "The baker opens before dawn."),
        new("train", "fan", 20, "en-gb", 167, 60, "Keep this letter for my sister."),
        new("train", "clicks", 20, "en-gb", 182, 45, "Two owls live behind the church."),
        new("train", "white", 20, "en-gb+f4", 182, 50, "We painted every window green."),
        new("train", "pink", 20, "en-gb+f4", 172, 60, "The river froze in late winter."),
        new("train", "fan", 25, "en-gb+f4", 192, 40, "Put fresh bread on the long table."),
        new("train", "hum", 15, "en-gb+f4", 177, 55, "My uncle repairs broken clocks."),
        new("train", "white", 25, "en-us+m3", 177, 45, "Count the coins and lock the box."),
        new("train", "pink", 15, "en-us+m3", 187, 55, "A grey cat slept on the piano."),
        new("train", "fan", 15, "en-us+m3", 172, 35, "They walked slowly over the bridge."),
        new("train", "babble", 20, "en-us+m3", 182, 50, "Listen for the bell at seven."),
        new("train", "clicks", 25, "en-gb-scotland", 177, 50, "The farmer sold his oldest horse."),
        new("train", "hum", 20, "en-gb-scotland", 182, 40, "Sugar and lemon are in the jar."),
        new("train", "babble", 10, "en-gb-scotland", 172, 60, "Nine lamps lit the empty square."),
        new("train", "clicks", 15, "en-gb-scotland", 187, 45, "I lost my gloves on the ferry."),
        new("valid", "white", 20, "en-gb+m2", 160, 50, "The painter washed his brushes twice."),
        new("valid", "pink", 20, "en-us+f1", 160, 50, "Every spring the meadow turns yellow."),
        new("valid", "fan", 20, "en-gb+m2", 165, 40, "A quiet dog guards the orchard."),
        new("valid", "babble", 20, "en-us+f1", 155, 60, "Please carry the basket upstairs."),
        new("test", "white", 20, "en-029", 168, 50, "The fisherman counted eleven silver herring and gave the smallest to the cat."),
        new("test", "pink", 20, "en-us+f3", 162, 50, "When the market closed she carried the last of the apples home in her apron."),
        new("test", "fan", 15, "en-gb-x-rp", 154, 45, "Behind the station a gardener was trimming roses in the pouring summer rain."),
        new("test", "white", 25, "en-us-nyc", 155, 50, "Both brothers wanted to sail around the island before the weather changed."),
        new("test", "hum", 15, "en-gb-x-gbclan", 172, 50, "An old violin hung above the fireplace and nobody in the house could play it."),
        new("test", "babble", 15, "en-gb-x-gbcwmd", 146, 55, "The teacher drew a long blue line across the map of the northern mountains."),
        new("test", "clicks", 20, "en-us+f5", 145, 45, "Tomorrow morning the postman will bring a heavy parcel from the coast."),
    ];

    /// <summary>Noise alone: the clean side is digitally silent.</summary>
    internal static readonly string[] Silent = ["white", "pink", "fan", "hum", "white", "pink", "fan", "babble"];

    /// <summary>What the people in the background say.</summary>
    internal static readonly (string Voice, string Sentence)[] Babble =
    [
        ("en-us+m1", "Have you seen the price of butter since the new shop opened on the corner of our street?"),
        ("en-gb+f2", "I told him twice that the meeting had been moved to Thursday but he never wrote it down."),
        ("en-us+f4", "There were so many people on the platform that we could hardly find our own children."),
        ("en-gb+m5", "You take the second road on the left and then you will see the hospital over the hill."),
        ("en-gb-scotland+f1", "We are going to visit my aunt next month and she always cooks far too much for everybody."),
        ("en-029+m4", "The film was good in the beginning but after an hour I no longer knew who was who."),
    ];
}
