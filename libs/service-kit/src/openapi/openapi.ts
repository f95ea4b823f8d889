import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { schemasOfClasses, type ServiceName } from '@teleop/contracts';

export function openApiOf(app: INestApplication, name: ServiceName): object {
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(name).build();
  const document = SwaggerModule.createDocument(app, config);
  return { ...document, components: { ...document.components, schemas: schemasOfClasses() } };
}
