using SpeechGan.Import;
using SpeechGan.Runs;

namespace SpeechGan.Tools.Fuzz;

/// <summary>Sound foreign records to begin with.</summary>
internal static class ImportSeeds
{
    public static IEnumerable<byte[]> Of(string kind) =>
        kind switch
        {
            SourceKind.Cmgan =>
            [
                (
                    "INFO:root:Epoch 0, Step 2000, loss: 0.0698222815990448, disc_loss: 0.003855810035020113\n"u8
                    + "INFO:root:Epoch time: 5668.2\nGPU: 0, Generator loss: 0.1086, Discriminator loss: 0.0042\npesq: 2.94 csig: 4.1\n"u8
                ).ToArray(),
                (
                    "Namespace(epochs=120)\nGPU: 0, Epoch 1, Step 500, loss: 0.1, disc_loss: 0\n"u8
                    + "GPU: 1, Epoch 1, Step 500, loss: nan, disc_loss: 0.1\nCMGAN_epoch_1_0.1\npesq: 2.9\n"u8
                ).ToArray(),
            ],
            SourceKind.Csv =>
            [
                "epoch,step,loss,disc_loss,val/pesq\n1,1,0.5,0.1,\n1,2,0.4,0.1,2.0\n2,3,\"0.3\",0.1,2.1\n"u8.ToArray(),
                "\uFEFFepoch;loss;PESQ\r\n2;0.1098;2.64\r\n7;0.1050;2.21\r\n"u8.ToArray(),
            ],
            SourceKind.Jsonl =>
            [
                "{\"epoch\": 1, \"step\": 1, \"loss\": 0.5, \"valid\": {\"pesq\": 2.0}}\n{\"epoch\": 1, \"loss\": NaN}\n"u8.ToArray(),
            ],
            SourceKind.TensorBoard =>
            [
                [
                    .. EventEncoding.Version(1000),
                    .. EventEncoding.Start(1000, 1),
                    .. EventEncoding.Scalars(1000, 1, [new EventScalar("loss", 0.5)]),
                    .. EventEncoding.Scalars(1000, 2, [new EventScalar("pesq", 2)]),
                ],
            ],
            _ =>
            [
                (
                    "{\"epoch\":1,\"step\":1,\"loss\":{\"total\":0.5},\"discriminatorStepped\":true,\"discriminatorLoss\":0.1,"u8
                    + "\"sampleCount\":1,\"scored\":1,\"samples\":[{\"name\":\"a\",\"pesq\":2.5}]}\n"u8
                ).ToArray(),
            ],
        };
}
